/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G1: no recorded change is lost across SIGKILL or an outage of the object store. */
@Tag("faults")
@UsesControlPlane
class NoChangeIsLostIT {

    private static final int KILLS = 3;
    private static final int RATE_OF_THE_API = 50;
    private static final int RATE = 2_000;

    /** In which the recorder is killed, and begins to start again. */
    private static final int ROUND = 8_000;

    @TempDir
    private Path directory;

    @Test
    void aRecorderThatIsKilledAgainAndAgainLosesNothing(ControlPlane plane) throws Exception {
        long seed = Seed.take();
        Random random = new Random(seed);
        Writers.define(plane.kubectl());
        try (Oracle oracle = new Oracle(plane.etcd());
                RecorderProcess recorder = new RecorderProcess(
                        directory, plane, directory.resolve("recording").toString())) {
            recorder.start();
            long from = oracle.revision();
            try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE_OF_THE_API);
                    Flood flood = new Flood(oracle, seed, RATE)) {
                double rates = 0;
                for (int i = 0; i < Rounds.of(KILLS); i++) {
                    flood.pour(ROUND);
                    Thread.sleep(random.nextInt(4_000));
                    recorder.kill();
                    Thread.sleep(random.nextInt(500));
                    recorder.start();
                    rates += flood.rate(ROUND);
                }
                flood.stop();
                writers.finish();
                System.out.printf(
                        Locale.ROOT,
                        "Straight into etcd %,.0f changes a second; through the API %,d in all%n",
                        rates / Rounds.of(KILLS),
                        writers.changes());
            }
            List<Oracle.Version> expected = oracle.since(from);
            recorder.awaitRecorded(expected);
            recorder.judge(oracle, expected).isWhole();
        }
    }
}
