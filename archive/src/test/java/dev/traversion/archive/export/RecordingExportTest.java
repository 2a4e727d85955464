/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.SingleFileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingExportTest {

    private static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final int CHANGES = 24_000;
    private static final int MOMENTS = 25;

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final Random random = new Random(seed);
    private Store store;
    private Recording original;

    @BeforeEach
    void record() throws Exception {
        store = new FileStore(directory.resolve("original"));
        SyntheticCluster cluster = new SyntheticCluster(seed, 200, 1_000_000);
        Set<ResourceType> types = new HashSet<>();
        try (RecordingWriter writer =
                RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
            long last = 0;
            for (int i = 0; i < CHANGES; i++) {
                Change change = cluster.next();
                if (types.add(change.key().type())) {
                    writer.mark(new CoverageMark(
                            change.key().type(),
                            CoverageMark.Kind.OPENED,
                            change.observedAt() - 1,
                            change.resourceVersion(),
                            ""));
                }
                writer.append(change);
                last = Math.max(last, change.observedAt());
            }
            for (ResourceType type : types) {
                writer.mark(new CoverageMark(type, CoverageMark.Kind.CLOSED, last, "", CoverageMark.STOPPED));
            }
        }
        original = Recording.open(store, CLUSTER, options("original"));
    }

    @AfterEach
    void close() {
        original.close();
        store.close();
    }

    private RecordingOptions options(String cache) {
        RecordingOptions defaults = RecordingOptions.defaults();
        return new RecordingOptions(
                directory.resolve("cache-" + cache),
                defaults.cacheBytes(),
                defaults.indexBytes(),
                defaults.pageBytes());
    }

    private Path export(long from, long to) throws IOException {
        Path files = Files.createDirectory(directory.resolve("files"));
        long written = new RecordingExport(original, from, to, _ -> {}).write(files);
        assertThat(written).isPositive();
        Path file = directory.resolve("part.trv");
        SingleFileStore.pack(files, file);
        return file;
    }

    private static String text(ObjectVersion version) {
        return version.key() + " " + version.resourceVersion() + " " + version.operation() + " "
                + version.observedAt() + " " + version.uid() + " "
                + new String(version.body(), StandardCharsets.UTF_8);
    }

    private static List<String> state(History history, ResourceType type, long time) throws IOException {
        List<String> state = new ArrayList<>();
        history.list(type, "", null, time, version -> state.add(text(version)));
        return state;
    }

    private static List<String> changes(History history, ResourceType type, long from, long to) throws IOException {
        List<String> changes = new ArrayList<>();
        history.changes(type, "", from, to, version -> changes.add(text(version)));
        return changes;
    }

    private void assertSame(History copy, long from, long to) throws IOException {
        for (int i = 0; i < MOMENTS; i++) {
            long time = i == 0 ? from : i == 1 ? to : random.nextLong(from, to + 1);
            for (ResourceType type : original.types(time)) {
                assertThat(state(copy, type, time)).as("seed %d", seed).isEqualTo(state(original, type, time));
                assertThat(copy.resourceVersion(type, time)).isEqualTo(original.resourceVersion(type, time));
            }
        }
        for (ResourceType type : original.types(to)) {
            List<String> changed = changes(original, type, from, to);
            assertThat(changes(copy, type, from, to)).as("seed %d", seed).isEqualTo(changed);
            ObjectKey[] key = new ObjectKey[1];
            original.list(type, "", null, to, version -> {
                key[0] = version.key();
                return random.nextInt(10) > 0;
            });
            if (key[0] != null) {
                List<String> own = new ArrayList<>();
                copy.versions(key[0], from + 1, to, version -> own.add(text(version)));
                List<String> expected = new ArrayList<>();
                original.versions(key[0], from + 1, to, version -> expected.add(text(version)));
                assertThat(own).isEqualTo(expected);
            }
        }
    }

    @Test
    void theWholeIsWhatItWas() throws Exception {
        Path file = export(Long.MIN_VALUE, Long.MAX_VALUE);
        try (Store packed = new SingleFileStore(file);
                Recording copy = Recording.open(packed, CLUSTER, options("copy"))) {
            assertThat(copy.end()).isEqualTo(original.end());
            assertSame(copy, original.start(), original.end());
            assertThat(copy.coverage(null, original.start(), original.end()))
                    .allMatch(interval -> interval.observed()
                            && interval.to() >= original.end() - 1
                            && interval.from() < original.start() + 1_000_000_000L);
        }
    }

    @Test
    void aStretchIsWhatItWasAndKnowsNothingElse() throws Exception {
        long length = original.end() - original.start();
        long from = original.start() + length / 4 + random.nextLong(length / 8);
        long to = original.end() - random.nextLong(length / 4) - 1;
        Path file = export(from, to);
        try (Store packed = new SingleFileStore(file);
                Recording copy = Recording.open(packed, CLUSTER, options("copy"))) {
            assertThat(copy.start()).isEqualTo(from);
            assertThat(copy.end()).isEqualTo(to);
            assertSame(copy, from, to);
            for (ResourceType type : copy.types(to)) {
                assertThat(copy.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE))
                        .singleElement()
                        .satisfies(interval -> {
                            assertThat(interval.from()).isEqualTo(from);
                            assertThat(interval.to()).isEqualTo(to + 1);
                        });
            }
        }
    }

    @Test
    void aFileThatIsNotWholeIsRefused() throws Exception {
        Path file = export(Long.MIN_VALUE, Long.MAX_VALUE);
        byte[] bytes = Files.readAllBytes(file);
        Path torn = Files.write(directory.resolve("torn.trv"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> new SingleFileStore(torn))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("torn.trv is a file, but no recording, or it is not whole");
    }

    @Test
    void bytesThatChangedAreFoundOut() throws Exception {
        Path file = export(Long.MIN_VALUE, Long.MAX_VALUE);
        byte[] bytes = Files.readAllBytes(file);
        String part;
        try (Store packed = new SingleFileStore(file)) {
            part = packed.list("clusters/" + CLUSTER + "/versions/data/")
                    .getFirst()
                    .path();
        }
        int inside = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(part) + part.length() + 1000;
        bytes[inside] ^= 1;
        Path damaged = Files.write(directory.resolve("damaged.trv"), bytes);
        try (Store packed = new SingleFileStore(damaged)) {
            assertThatThrownBy(() -> {
                        try (Recording copy = Recording.open(packed, CLUSTER, options("damaged"))) {
                            for (ResourceType type : copy.types(copy.end())) {
                                state(copy, type, copy.end());
                            }
                            assertSame(copy, original.start(), original.end());
                        }
                    })
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("damaged.trv is damaged");
            try (Stream<Path> kept = Files.walk(directory.resolve("cache-damaged"))) {
                assertThat(kept.filter(Files::isRegularFile)
                                .map(each -> each.getFileName().toString()))
                        .noneMatch(name -> name.equals(part.replace('/', '_')));
            }
        }
    }
}
