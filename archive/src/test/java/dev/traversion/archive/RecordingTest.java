/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.testing.MemorySource;
import dev.traversion.archive.testing.PartSealer;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {

    private static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final int PARTS = 4;
    private static final int CHANGES = 6_000;

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final Random random = new Random(seed);
    private final AtomicReference<RecordingState> state = new AtomicReference<>();
    private final List<Change> changes = new ArrayList<>();
    private MemorySource model;
    private Recording recording;

    @BeforeEach
    void record() throws IOException {
        SyntheticCluster cluster = new SyntheticCluster(seed, 200, 1_000_000);
        for (int i = 0; i < CHANGES; i++) {
            changes.add(cluster.next());
        }
        model = new MemorySource(changes);
        publish(PARTS);
        LocalCopies copies = new LocalCopies(new FileStore(directory), directory.resolve("copies"), 1 << 20);
        recording = Recording.of(CLUSTER, log(), copies, new PartCaches(400_000, 2 << 20));
    }

    private RecordingLog log() {
        return new RecordingLog() {
            @Override
            public RecordingState load() {
                return state.get();
            }

            @Override
            public void close() {}
        };
    }

    /** Seals most of the changes into so many parts, with the rest in the tail. Types change parts at slightly different times. */
    private void publish(int parts) throws IOException {
        List<List<Change>> pieces = new ArrayList<>();
        for (int i = 0; i <= parts; i++) {
            pieces.add(new ArrayList<>());
        }
        Map<ResourceType, Integer> shifts = new HashMap<>();
        for (int i = 0; i < changes.size(); i++) {
            int shift = shifts.computeIfAbsent(changes.get(i).key().type(), type -> random.nextInt(100));
            int piece = (i + shift) * (parts + 1) / (changes.size() + 100);
            pieces.get(piece).add(changes.get(i));
        }
        PartSealer sealer = new PartSealer(directory);
        for (int i = 0; i < parts; i++) {
            sealer.seal(pieces.get(i));
        }
        MemorySource tail = new MemorySource(pieces.get(parts));
        List<PartFile> sealed = sealer.parts();
        long end = changes.getLast().observedAt();
        state.set(new RecordingState(sealed, tail, List.of(), sealed.getFirst().start(), end, false));
    }

    private long randomTime() {
        long start = recording.start();
        return start + (long) (random.nextDouble() * 1.02 * (recording.end() - start));
    }

    @Test
    void stateAtAnyTimeIsThatOfTheChanges() throws IOException {
        for (int i = 0; i < 60; i++) {
            long time = i % 3 == 0 ? nearBoundary() : randomTime();
            assertThat(recording.types(time)).as("seed %d, time %d", seed, time).isEqualTo(model.types(time));
            for (ResourceType type : model.types(time)) {
                assertSame(list(type, "", null, time), model.alive(type, "", null, time));
                assertSame(list(type, "team-7", null, time), model.alive(type, "team-7", null, time));
                ObjectKey after = changes.get(random.nextInt(CHANGES)).key();
                if (after.type().equals(type)) {
                    assertSame(list(type, "", after, time), model.alive(type, "", after, time));
                    assertSame(
                            list(type, after.namespace(), after, time),
                            model.alive(type, after.namespace(), after, time));
                }
                assertThat(recording.resourceVersion(type, time)).isEqualTo(model.resourceVersion(type, time));
            }
        }
    }

    private long nearBoundary() {
        PartFile part = state.get().parts().get(random.nextInt(PARTS));
        return part.end() + random.nextInt(200_000_000) - 100_000_000;
    }

    @Test
    void objectAndHistoryAreThoseOfTheChanges() throws IOException {
        for (int i = 0; i < 300; i++) {
            ObjectKey key = changes.get(random.nextInt(CHANGES)).key();
            long time = i % 3 == 0 ? nearBoundary() : randomTime();
            List<Seen> found = new ArrayList<>();
            recording.get(key, time).ifPresent(version -> found.add(Seen.of(version)));
            List<Seen> expected = new ArrayList<>();
            model.last(key, time)
                    .filter(version -> version.operation() != Operation.DELETED)
                    .ifPresent(version -> expected.add(Seen.of(version)));
            assertThat(found).as("seed %d", seed).isEqualTo(expected);

            long to = randomTime();
            List<Seen> history = new ArrayList<>();
            recording.versions(key, time, to, version -> history.add(Seen.of(version)));
            List<Seen> expectedHistory = new ArrayList<>();
            model.versions(key, time, to, version -> expectedHistory.add(Seen.of(version)));
            assertThat(history).isEqualTo(expectedHistory);
        }
    }

    @Test
    void changesComeOnceAndInOrder() throws IOException {
        for (int i = 0; i < 30; i++) {
            long from = i == 0 ? Long.MIN_VALUE : randomTime();
            long to = i == 0 ? Long.MAX_VALUE : randomTime();
            for (ResourceType type : model.types(Long.MAX_VALUE)) {
                String namespace = i % 2 == 0 ? "" : "team-3";
                List<Seen> found = new ArrayList<>();
                recording.changes(type, namespace, from, to, version -> found.add(Seen.of(version)));
                List<Seen> expected = new ArrayList<>();
                model.changes(type, namespace, from, to, version -> expected.add(Seen.of(version)));
                assertThat(found).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void changesWithoutAnOrderAreTheSameAndThoseOfAKeyStayInOrder() throws IOException {
        for (int i = 0; i < 30; i++) {
            long from = i == 0 ? Long.MIN_VALUE : randomTime();
            long to = i == 0 ? Long.MAX_VALUE : randomTime();
            for (ResourceType type : model.types(Long.MAX_VALUE)) {
                String namespace = i % 2 == 0 ? "" : "team-3";
                Map<ObjectKey, List<Seen>> found = new HashMap<>();
                recording.unorderedChanges(type, namespace, from, to, version -> found.computeIfAbsent(
                                version.key(), _ -> new ArrayList<>())
                        .add(Seen.of(version)));
                Map<ObjectKey, List<Seen>> expected = new HashMap<>();
                model.changes(type, namespace, from, to, version -> expected.computeIfAbsent(
                                version.key(), _ -> new ArrayList<>())
                        .add(Seen.of(version)));
                assertThat(found).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void traitsAreThoseOfTheBodiesAndWorkedOutOnce() throws IOException {
        AtomicInteger worked = new AtomicInteger();
        Trait sum = version -> {
            worked.incrementAndGet();
            return Arrays.hashCode(version.body());
        };
        for (ResourceType type : model.types(Long.MAX_VALUE)) {
            ObjectVersion.Visitor check = version -> {
                assertThat(version.trait(sum))
                        .as("seed %d, %s", seed, version.key())
                        .isEqualTo(Arrays.hashCode(version.body()));
                return true;
            };
            recording.unorderedChanges(type, "", Long.MIN_VALUE, Long.MAX_VALUE, check);
            recording.list(type, "", null, randomTime(), check);
            recording.changes(type, "", randomTime(), Long.MAX_VALUE, check);
        }
        // Twice: the tail of this test is a model, which remembers nothing.
        int sealed = worked.get();
        assertThat(sealed).as("seed %d", seed).isLessThan(3 * CHANGES);
        for (ResourceType type : model.types(Long.MAX_VALUE)) {
            recording.unorderedChanges(
                    type, "", Long.MIN_VALUE, state.get().parts().getLast().start(), version -> {
                        version.trait(sum);
                        return true;
                    });
        }
        assertThat(worked.get()).as("seed %d", seed).isEqualTo(sealed);
    }

    @Test
    void resourceVersionLeadsBackToItsTime() {
        for (int i = 0; i < 200; i++) {
            Change change = changes.get(random.nextInt(CHANGES));
            ResourceType type = change.key().type();
            OptionalLong newer = model.firstNewer(type, change.resourceVersion());
            assertThat(recording.timeOf(type, change.resourceVersion()))
                    .as("seed %d, version %s", seed, change.resourceVersion())
                    .hasValue(newer.isPresent() ? newer.getAsLong() - 1 : recording.end());
            assertThat(recording.timeOf(type, "1")).isEmpty();
        }
    }

    @Test
    void visitorThatHasEnoughIsLeftAlone() throws IOException {
        long time = recording.end();
        for (ResourceType type : recording.types(time)) {
            int[] seen = {0};
            recording.list(type, "", null, time, version -> ++seen[0] < 3);
            recording.changes(type, "", Long.MIN_VALUE, time, version -> ++seen[0] < 6);
            assertThat(seen[0]).isLessThanOrEqualTo(6);
        }
    }

    @Test
    void readsGoOnWhileCommitsComeIn() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> readers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            readers.add(Thread.ofPlatform().start(() -> {
                try {
                    while (!done.get()) {
                        readOnce();
                    }
                } catch (Throwable e) {
                    failure.set(e);
                }
            }));
        }
        for (int round = 1; round <= 5; round++) {
            publish(round);
            recording.refresh();
        }
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(failure).as("seed %d", seed).hasNullValue();
    }

    @Test
    void whatIsOpenStaysReadableAfterItsFileIsDeleted() throws IOException {
        ResourceType pods = new ResourceType("", "pods");
        PartFile part = state.get().parts().get(1);
        list(pods, "", null, part.start() + 1);
        Files.delete(directory.resolve(part.path()));
        assertSame(list(pods, "", null, part.start() + 1), model.alive(pods, "", null, part.start() + 1));
    }

    private void readOnce() throws IOException {
        Random own = new Random();
        long time = recording.start() + (long) (own.nextDouble() * (recording.end() - recording.start()));
        List<ResourceType> types = model.types(time);
        ResourceType type = types.get(own.nextInt(types.size()));
        assertSame(list(type, "", null, time), model.alive(type, "", null, time));
    }

    @Test
    void partsOfARemoteStoreAreCopiedOnceIntoABoundedDirectory() throws IOException {
        Path copies = directory.resolve("copies");
        long most = 2
                * state.get().parts().stream().mapToLong(PartFile::bytes).max().orElseThrow();
        RemoteStore remote = new RemoteStore(new FileStore(directory));
        ResourceType pods = new ResourceType("", "pods");
        for (int round = 0; round < 2; round++) {
            Recording remoteRecording = Recording.of(
                    CLUSTER, log(), new LocalCopies(remote, copies, most), new PartCaches(4 << 20, 1 << 20));
            for (PartFile part : state.get().parts()) {
                for (int again = 0; again < 3; again++) {
                    List<Seen> found = new ArrayList<>();
                    remoteRecording.list(pods, "", null, part.end(), version -> found.add(Seen.of(version)));
                    assertSame(found, model.alive(pods, "", null, part.end()));
                }
            }
            assertThat(remote.reads).hasValueLessThanOrEqualTo((round + 1) * PARTS);
            try (Stream<Path> files = Files.list(copies)) {
                assertThat(files.mapToLong(file -> file.toFile().length()).sum())
                        .isBetween(1L, most);
            }
        }
    }

    @Test
    void missingPartIsNamed() throws IOException {
        PartFile part = state.get().parts().get(1);
        Files.delete(directory.resolve(part.path()));
        assertThatThrownBy(() -> list(new ResourceType("", "pods"), "", null, part.start() + 1))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(part.path())
                .hasMessageContaining("missing");
    }

    @Test
    void placesThatAreNoRecordingAreRefusedInASentence() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        try (Store store = new FileStore(empty)) {
            assertThatThrownBy(() -> Recordings.onlyCluster(store))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("is not a recording");
            assertThatThrownBy(() -> Recording.open(store, CLUSTER, RecordingOptions.defaults()))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("is not a recording");
            new Layout(CLUSTER).create(store);
            assertThat(Recordings.onlyCluster(store)).isEqualTo(CLUSTER);
            assertThatThrownBy(() -> Recording.open(store, "another", RecordingOptions.defaults()))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("no recording of cluster another")
                    .hasMessageContaining(CLUSTER);
            new Layout("another").create(store);
            assertThatThrownBy(() -> Recordings.onlyCluster(store))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("another")
                    .hasMessageContaining(CLUSTER);
            Files.write(empty.resolve("clusters/another/recording.json"), StampedJson.stamp("{\"format\":\"2.0\"}"));
            assertThatThrownBy(() -> Recording.open(store, "another", RecordingOptions.defaults()))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("2.0");
        }
    }

    @Test
    void recordingIsReadWhileAndAfterItIsWritten() throws Exception {
        Path place = Files.createDirectory(directory.resolve("written"));
        try (Store store = new FileStore(place)) {
            WriterOptions options = WriterOptions.of("test", directory.resolve("state"));
            int half = CHANGES / 2;
            try (RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options)) {
                for (Change change : changes.subList(0, half)) {
                    writer.append(change);
                }
            }
            try (RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options);
                    Recording written = Recording.open(store, CLUSTER, RecordingOptions.defaults())) {
                long sealed = written.end();
                for (Change change : changes.subList(half, CHANGES)) {
                    writer.append(change);
                }
                writer.synced().join();
                assertThat(written.end()).isEqualTo(sealed);
                written.refresh();
                assertThat(written.end()).isEqualTo(recording.end());
                assertSameHistory(written);
            }
            try (Recording written = Recording.open(store, CLUSTER, RecordingOptions.defaults())) {
                assertSameHistory(written);
            }
        }
    }

    private void assertSameHistory(History found) throws IOException {
        for (int i = 0; i < 10; i++) {
            long time = randomTime();
            for (ResourceType type : model.types(time)) {
                List<Seen> listed = new ArrayList<>();
                found.list(type, "", null, time, version -> listed.add(Seen.of(version)));
                assertSame(listed, model.alive(type, "", null, time));
            }
        }
    }

    private List<Seen> list(ResourceType type, String namespace, ObjectKey after, long time) throws IOException {
        List<Seen> listed = new ArrayList<>();
        recording.list(type, namespace, after, time, version -> listed.add(Seen.of(version)));
        return listed;
    }

    private void assertSame(List<Seen> found, List<? extends ObjectVersion> expected) {
        assertThat(found)
                .as("seed %d", seed)
                .isEqualTo(expected.stream().map(Seen::of).toList());
    }

    /** Everything a version says. */
    private record Seen(
            ObjectKey key,
            String kind,
            String uid,
            String resourceVersion,
            long observedAt,
            long validTo,
            Operation operation,
            int length,
            String body,
            String written,
            String bare) {

        static Seen of(ObjectVersion version) {
            return new Seen(
                    version.key(),
                    version.kind(),
                    version.uid(),
                    version.resourceVersion(),
                    version.observedAt(),
                    version.validTo(),
                    version.operation(),
                    version.bodyLength(),
                    new String(version.body(), StandardCharsets.UTF_8),
                    written(version, true, 0),
                    written(version, false, 9));
        }

        private static String written(ObjectVersion version, boolean managedFields, int skip) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                version.writeBody(out, managedFields, skip);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return out.toString(StandardCharsets.UTF_8);
        }
    }

    /** A directory that cannot be mapped, as if it were far away. */
    private static final class RemoteStore implements Store {

        private final FileStore directory;
        private final AtomicInteger reads = new AtomicInteger();

        RemoteStore(FileStore directory) {
            this.directory = directory;
        }

        @Override
        public String location() {
            return directory.location();
        }

        @Override
        public List<StoredFile> list(String prefix) throws IOException {
            return directory.list(prefix);
        }

        @Override
        public List<String> folders(String prefix) throws IOException {
            return directory.folders(prefix);
        }

        @Override
        public InputStream read(String path) throws IOException {
            reads.incrementAndGet();
            return directory.read(path);
        }

        @Override
        public byte[] read(String path, long offset, int length) throws IOException {
            return directory.read(path, offset, length);
        }

        @Override
        public void create(String path, byte[] content) throws IOException {
            directory.create(path, content);
        }

        @Override
        public void create(String path, Path content) throws IOException {
            directory.create(path, content);
        }

        @Override
        public void delete(String path) throws IOException {
            directory.delete(path);
        }

        @Override
        public void close() {
            directory.close();
        }
    }
}
