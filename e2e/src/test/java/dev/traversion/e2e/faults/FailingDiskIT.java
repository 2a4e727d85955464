/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.recording.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G1: writes that seemed to succeed, and fsync says they did not. Linux forgets what it could not write, so another fsync of the same
 * bytes would succeed and keep nothing: in the end the disk is mounted anew, and etcd is asked what has to be on it.
 */
@Tag("faults")
@UsesControlPlane
class FailingDiskIT {

    private static final int RATE = 50;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    @Test
    void whatAFailedFsyncLostIsWrittenAgain(ControlPlane plane) throws Exception {
        long seed = Seed.take();
        Writers.define(plane.kubectl());
        Path place = directory.resolve("disk");
        try (ThinDisk disk = new ThinDisk(directory.resolve("memory"), place)) {
            try (Oracle oracle = new Oracle(plane.etcd());
                    RecorderProcess recorder = new RecorderProcess(
                            directory, plane, place.resolve("prod").toString())) {
                recorder.start();
                long from = oracle.revision();
                try (Writers writers = new Writers(plane.kubeconfig(), oracle, seed, RATE)) {
                    disk.fail();
                    recorder.running().awaitText("STALLED: the recording in " + place);
                    assertThat(recorder.isAlive()).isTrue();
                    long during = writers.changes();
                    Waiting.until(LIMIT, "more changes while nothing is kept", () -> writers.changes() > during + RATE);
                    disk.mend();
                    writers.finish();
                }
                List<Oracle.Version> expected = oracle.since(from);
                recorder.awaitRecorded(expected);
                recorder.end();
                disk.remount();
                recorder.judge(oracle, expected).isWhole();
                assertThat(recorder.verify().succeeds().out()).contains("It is what was written.");
            }
        }
    }
}
