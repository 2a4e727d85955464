/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.Change;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * A process that records a synthetic cluster as fast as it can and says how much is acknowledged, until it is killed. Parts are
 * small, so that it seals all the time.
 *
 * <p>Arguments: directory, seed of the cluster, number of changes to leave out because they are recorded already.
 */
public final class KilledRecorder {

    public static final String CLUSTER = "7d1f6a52-9c1e-4b7e-8f0a-2b3c4d5e6f70";

    private static final int ACKNOWLEDGE = 100;

    private KilledRecorder() {}

    public static SyntheticCluster cluster(long seed) {
        return new SyntheticCluster(seed, 300, 1_000_000);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        SyntheticCluster cluster = cluster(Long.parseLong(arguments[1]));
        long count = Long.parseLong(arguments[2]);
        for (long i = 0; i < count; i++) {
            cluster.next();
        }
        WriterOptions options = new WriterOptions(
                "test",
                directory.resolve("state"),
                1_000,
                0,
                1_000_000,
                Duration.ofHours(1),
                256 << 20,
                1 << 30,
                Duration.ofSeconds(1),
                Clock.systemUTC());
        RecordingWriter writer = RecordingWriter.open(new FileStore(directory), CLUSTER, options);
        while (true) {
            for (int i = 0; i < ACKNOWLEDGE; i++) {
                Change change = cluster.next();
                writer.append(change);
                count++;
            }
            writer.synced().join();
            // The full stop tells a whole line from a torn one.
            System.out.println(count + ".");
            System.out.flush();
        }
    }
}
