/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.faults.Oracle.Version;
import dev.traversion.e2e.recording.ApiClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G5: the state at a version is what the API server lists at that version, byte for byte after masking; also if the recorder was killed
 * and the API server was away. (That it is served so is held against the API server in {@code ExactPastIT}.)
 */
@Tag("faults")
@UsesControlPlane
class StateIsExactIT {

    private static final int VERSIONS = 20;
    private static final int RATE = 150;

    @TempDir
    private Path directory;

    @Test
    void theStateAtRandomVersionsIsTheServersOwn(ControlPlane plane) throws Exception {
        long seed = Seed.take();
        Random random = new Random(seed);
        Writers.define(plane.kubectl());
        try (Oracle oracle = new Oracle(plane.etcd());
                RecorderProcess recorder = new RecorderProcess(
                        directory, plane, directory.resolve("recording").toString());
                ApiClient api = new ApiClient(plane.kubeconfig())) {
            recorder.start();
            long first = oracle.revision();
            ExactLists lists = new ExactLists(api, recorder.masking());
            try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
                int rounds = Rounds.of(VERSIONS);
                for (int i = 0; i < rounds; i++) {
                    Thread.sleep(300);
                    if (i == rounds / 3) {
                        recorder.kill();
                        recorder.launch();
                    } else if (i == rounds * 2 / 3) {
                        // One that finds no server when it begins ends at once.
                        recorder.running().awaitText("first lists complete");
                        plane.kill("apiserver");
                        plane.start("apiserver");
                    }
                    lists.take(first + random.nextLong(oracle.revision() - first + 1));
                }
                writers.finish();
            }
            List<Version> expected = oracle.since(first);
            recorder.awaitRecorded(expected);
            System.out.println(lists.size() + " lists of " + expected.size() + " versions");
            assertThat(lists.differences(recorder.open(recorder.store()))).isEmpty();
            // What came and went while neither recorder nor API server was there may be too much to look for.
            assertThat(lists.unknown()).as("in declared gaps").isLessThan(lists.size() * 3 / 4);
        }
    }
}
