/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.faults.Oracle.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G4: what was missed while the API server or etcd was away is found, and where etcd has forgotten it, a gap is declared. */
@Tag("faults")
@UsesControlPlane
class ServersAreKilledIT {

    private static final int RATE = 150;

    @TempDir
    private Path directory;

    @Test
    void nothingIsMissingAsLongAsEtcdHasIt(ControlPlane plane) throws Exception {
        attack(plane, false).isWhole();
    }

    @Test
    void nothingIsMissingOutsideOfDeclaredGapsWhenEtcdForgets(ControlPlane plane) throws Exception {
        Verdict verdict = attack(plane, true);
        System.out.println(verdict.missing().size() + " of " + verdict.expected() + " versions are missing in gaps");
        verdict.isHonest();
    }

    private Verdict attack(ControlPlane plane, boolean compact) throws Exception {
        long seed = Seed.take();
        Random random = new Random(seed);
        Writers.define(plane.kubectl());
        try (Oracle oracle = new Oracle(plane.etcd());
                RecorderProcess recorder = new RecorderProcess(
                        directory, plane, directory.resolve("recording").toString())) {
            recorder.start();
            long from = oracle.revision();
            try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
                for (int i = 0; i < Rounds.of(1); i++) {
                    for (String part : List.of("apiserver", "etcd")) {
                        Thread.sleep(random.nextInt(3_000));
                        plane.kill(part);
                        if (part.equals("apiserver")) {
                            changeBehindItsBack(oracle, seed, random.nextInt(3_000), compact);
                        }
                        plane.start(part);
                    }
                }
                Thread.sleep(random.nextInt(2_000));
                writers.finish();
                System.out.println(writers.changes() + " changes");
            }
            List<Version> expected = oracle.since(from);
            recorder.awaitRecorded(expected);
            return recorder.judge(oracle, expected);
        }
    }

    /** So few that each can be looked for, of which most come and go unseen. */
    private static void changeBehindItsBack(Oracle oracle, long seed, int millis, boolean compact) throws Exception {
        try (Flood flood = new Flood(oracle, seed, 200)) {
            flood.pour(Flood.ENDLESS);
            Thread.sleep(1_000 + millis);
        }
        if (compact) {
            oracle.compact();
        }
    }
}
