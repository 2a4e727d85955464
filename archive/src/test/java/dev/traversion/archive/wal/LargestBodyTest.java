/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.store.FileStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargestBodyTest {

    private static final ObjectKey KEY = new ObjectKey(new ResourceType("", "things"), "", "large");

    @TempDir
    private Path directory;

    /** A block holds what was collected before, and one body more: readers must take it, or the log ends there for good. */
    @Test
    void theLargestBodyIsReadBackAfterAnAlmostFullBlockAndALargerOneIsRefused() throws Exception {
        byte[] before = noise((4 << 20) - 1_000);
        byte[] largest = noise(Change.LARGEST_BODY);
        try (WalWriter writer = new WalWriter(directory.resolve("wal/test"), "test", 1, Clock.systemUTC())) {
            assertThatThrownBy(() -> writer.append(change(1, new byte[Change.LARGEST_BODY + 1])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("large");
            writer.append(change(1, before));
            writer.append(change(2, largest));
            writer.synced().get();
        }
        try (WalFollower follower = new WalFollower(new FileStore(directory), "wal/")) {
            follower.poll(Map.of(), null);
            assertThat(follower.tail().size()).isEqualTo(2);
            ObjectVersion last = follower.tail().last(KEY, Long.MAX_VALUE).orElseThrow();
            assertThat(last.body()).isEqualTo(largest);
        }
    }

    private static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    private static Change change(int version, byte[] body) {
        return new Change(KEY, "Thing", "u", Integer.toString(version), version, Operation.MODIFIED, body);
    }
}
