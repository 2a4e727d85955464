/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.traversion.archive.History;
import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.faults.Oracle.Version;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.e2e.recording.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G11: the order is that of the versions, never that of the clock. Here libfaketime sets the clock of a recorder's process; steps of an
 * injected clock are in {@code ClockStepsTest}.
 */
@Tag("faults")
@UsesControlPlane
class ClockJumpsIT {

    private static final int RATE = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String FORWARD = "the clock was put forward by 60 min";
    private static final String BACK = "the clock was put back by 60 min";

    @TempDir
    private Path directory;

    @Test
    void anHourForwardAndBackChangesNoOrderAndIsVisible(ControlPlane plane) throws Exception {
        Optional<Path> library = plane.libfaketime();
        assumeTrue(library.isPresent(), "libfaketime is not installed");
        long seed = Seed.take();
        Writers.define(plane.kubectl());
        setClock("+0");
        try (Oracle oracle = new Oracle(plane.etcd());
                ApiClient api = new ApiClient(plane.kubeconfig());
                RecorderProcess recorder = new RecorderProcess(
                        directory, plane, directory.resolve("recording").toString())) {
            recorder.with("LD_PRELOAD", library.get().toString())
                    .with("FAKETIME_TIMESTAMP_FILE", clock().toString())
                    .with("FAKETIME_CACHE_DURATION", "1")
                    .with("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                    // Otherwise every wait of a JVM with a limit ends at once.
                    .with("FAKETIME_FORCE_MONOTONIC_FIX", "0");
            recorder.start();
            long from = oracle.revision();
            ExactLists lists = new ExactLists(api, recorder.masking());
            try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
                takeForAWhile(lists, oracle);
                setClock("+3600");
                awaitGap(recorder, FORWARD);
                takeForAWhile(lists, oracle);
                setClock("+0");
                awaitGap(recorder, BACK);
                takeForAWhile(lists, oracle);
                writers.finish();
            }
            List<Version> expected = oracle.since(from);
            recorder.awaitRecorded(expected);

            recorder.judge(oracle, expected).isWhole();
            assertThat(lists.differences(recorder.open(recorder.store())))
                    .as("states before, between and after the jumps")
                    .isEmpty();
            assertThat(recorder.run("timeline", "configmaps", "-n", "default")
                            .succeeds()
                            .out())
                    .contains(FORWARD);
            assertThat(recorder.run("at", "now", "get", "configmaps").succeeds().out())
                    .contains("last-");
        }
    }

    private static void takeForAWhile(ExactLists lists, Oracle oracle) throws Exception {
        for (int i = 0; i < 4; i++) {
            Thread.sleep(500);
            lists.take(oracle.revision());
        }
    }

    private static void awaitGap(RecorderProcess recorder, String reason) throws Exception {
        Waiting.until(PATIENCE, "a gap: " + reason, () -> {
            try (History recording = recorder.open(recorder.store())) {
                return recording.coverage(Oracle.CONFIG_MAPS, Long.MIN_VALUE, Long.MAX_VALUE).stream()
                        .anyMatch(each -> each.reason().startsWith(reason));
            }
        });
    }

    private Path clock() {
        return directory.resolve("clock");
    }

    /** At once: no process may read half of it. */
    private void setClock(String offset) throws Exception {
        Path next = Files.writeString(directory.resolve("clock.next"), offset + "\n");
        Files.move(next, clock(), StandardCopyOption.ATOMIC_MOVE);
    }
}
