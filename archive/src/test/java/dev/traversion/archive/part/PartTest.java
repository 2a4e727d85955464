/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.testing.MemorySource;
import dev.traversion.archive.testing.PartSealer;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartTest {

    @TempDir
    private Path directory;

    @Test
    void partAnswersLikeItsChanges() throws IOException {
        long seed = Seed.take();
        SyntheticCluster cluster = new SyntheticCluster(seed, 200, 1_000_000);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            changes.add(cluster.next());
        }
        MemorySource model = new MemorySource(changes);
        PartFile part = new PartSealer(directory).seal(changes);
        PartReader reader =
                PartReader.open(directory.resolve(part.path()), part.path(), new PartCaches(10 << 20, 1 << 20));

        Random random = new Random(seed);
        for (int i = 0; i < 40; i++) {
            long time = part.start() + (long) (random.nextDouble() * (part.end() - part.start()));
            assertThat(reader.types(time)).isEqualTo(model.types(time));
            for (ResourceType type : model.types(time)) {
                assertSame(reader.states(type, "", null, time), model.states(type, "", null, time));
                assertSame(reader.states(type, "team-3", null, time), model.states(type, "team-3", null, time));
                assertThat(reader.resourceVersion(type, time)).isEqualTo(model.resourceVersion(type, time));
            }
            ObjectKey key = changes.get(random.nextInt(changes.size())).key();
            assertThat(reader.last(key, time).isPresent())
                    .isEqualTo(model.last(key, time).isPresent());
            if (model.last(key, time).isPresent()) {
                assertSame(
                        reader.last(key, time).orElseThrow(),
                        model.last(key, time).orElseThrow());
            }
        }
    }

    private static void assertSame(VersionCursor found, VersionCursor expected) throws IOException {
        try (found;
                expected) {
            while (expected.next()) {
                assertThat(found.next()).isTrue();
                assertSame(found.current(), expected.current());
            }
            assertThat(found.next()).isFalse();
        }
    }

    private static void assertSame(ObjectVersion found, ObjectVersion expected) {
        assertThat(found.key()).isEqualTo(expected.key());
        assertThat(found.resourceVersion()).isEqualTo(expected.resourceVersion());
        assertThat(found.body()).isEqualTo(expected.body());
        assertThat(found.validTo()).isEqualTo(expected.validTo());
    }
}
