/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.testing.MemorySource;
import dev.traversion.archive.testing.PartSealer;
import dev.traversion.archive.testing.RandomBodies;
import dev.traversion.archive.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartRoundTripTest {

    private static final ResourceType THINGS = new ResourceType("example.com", "things");
    private static final ResourceType DOCUMENTS = new ResourceType("traversion.dev", "documents");

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final Random random = new Random(seed);
    private final RandomBodies bodies = new RandomBodies(random);

    @Test
    void bodiesComeBackByteForByte() throws IOException {
        List<Change> changes = randomChanges(3_000, 400);
        // larger than a page, and than several
        changes.add(change(THINGS, "ns", "large", 900_001, Operation.ADDED, bodies.next(1_500_000)));
        changes.add(change(THINGS, "ns", "large", 900_002, Operation.MODIFIED, bodies.next(1_500_000)));
        changes.add(change(THINGS, "ns", "large", 900_003, Operation.DELETED, new byte[0]));
        PartReader reader = open(new PartSealer(directory).seal(changes));
        assertHolds(reader, changes);
    }

    @Test
    void keysWithSlashesAndVersionsWithoutOrderComeBack() throws IOException {
        List<Change> changes = new ArrayList<>();
        changes.add(change(DOCUMENTS, "", "openapi/v3/apis/apps/v1", 1, Operation.ADDED, bodies.next(5)));
        changes.add(change(DOCUMENTS, "", "version", 2, Operation.ADDED, "not JSON".getBytes(StandardCharsets.UTF_8)));
        changes.add(version(DOCUMENTS, "version", "opaque", 3));
        changes.add(version(DOCUMENTS, "version", "00012", 4));
        changes.add(version(DOCUMENTS, "version", "123456789012345678901234567890", 5));
        PartReader reader = open(new PartSealer(directory).seal(changes));
        assertHolds(reader, changes);
        assertThat(reader.resourceVersion(DOCUMENTS, 9_000)).isEqualTo("123456789012345678901234567890");
    }

    private Change version(ResourceType type, String name, String resourceVersion, long time) {
        return new Change(
                new ObjectKey(type, "", name),
                "",
                "",
                resourceVersion,
                time * 1000,
                Operation.MODIFIED,
                bodies.next(5));
    }

    @Test
    void everyFlippedByteIsFoundOrHarmless() throws IOException {
        List<Change> changes = randomChanges(40, 10);
        PartFile part = new PartSealer(directory).seal(changes);
        Path path = directory.resolve(part.path());
        String expected = readAll(open(part), changes);
        int found = 0;
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (long at = 0; at < file.size(); at++) {
                ByteBuffer original = ByteBuffer.allocate(1);
                file.read(original, at);
                byte flipped = (byte) (original.get(0) ^ (1 + random.nextInt(255)));
                file.write(ByteBuffer.wrap(new byte[] {flipped}), at);
                try {
                    assertThat(readAll(open(part), changes))
                            .as("byte %d, seed %d", at, seed)
                            .isEqualTo(expected);
                } catch (TraversionException e) {
                    found++;
                    assertThat(e).hasMessageContaining(part.path()).hasMessageContaining("byte");
                }
                file.write(original.rewind(), at);
                if (at % 1000 == 0) {
                    // unmaps what was opened before
                    System.gc();
                }
            }
            assertThat(found).isGreaterThan((int) (file.size() * 0.8));
        }
    }

    @Test
    void everyTruncationIsFound() throws IOException {
        PartFile part = new PartSealer(directory).seal(randomChanges(20, 10));
        Path path = directory.resolve(part.path());
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (long length = file.size() - 1; length >= 0; length--) {
                file.truncate(length);
                try {
                    open(part);
                    throw new AssertionError("seed " + seed + ": nobody missed what follows byte " + length);
                } catch (TraversionException e) {
                    assertThat(e.getMessage()).contains(part.path());
                }
            }
        }
    }

    @Test
    void fileOfAnotherNameIsRefused() throws IOException {
        PartFile part = new PartSealer(directory).seal(randomChanges(20, 10));
        Path other = directory.resolve("no-checksum.parquet");
        Files.copy(directory.resolve(part.path()), other);
        assertThatThrownBy(() -> PartReader.open(other, other.toString(), new PartCaches(1 << 20, 1 << 20)))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("checksum");
    }

    private List<Change> randomChanges(int count, int size) {
        List<Change> changes = new ArrayList<>();
        Operation[] operations = Operation.values();
        for (int i = 1; i <= count; i++) {
            byte[] body = random.nextInt(20) == 0 ? new byte[0] : bodies.next(random.nextInt(size));
            Operation operation = operations[random.nextInt(operations.length)];
            String namespace = random.nextInt(4) == 0 ? "a-b" : "a";
            changes.add(change(THINGS, namespace, "n" + random.nextInt(count / 8), i, operation, body));
        }
        return changes;
    }

    private static Change change(
            ResourceType type, String namespace, String name, int version, Operation operation, byte[] body) {
        return new Change(
                new ObjectKey(type, namespace, name),
                "Thing",
                "uid-" + name,
                Integer.toString(version),
                version * 1000L,
                operation,
                body);
    }

    private PartReader open(PartFile part) throws IOException {
        return PartReader.open(directory.resolve(part.path()), part.path(), new PartCaches(4 << 20, 4 << 20));
    }

    private void assertHolds(PartReader reader, List<Change> changes) throws IOException {
        MemorySource model = new MemorySource(changes);
        for (Change change : changes) {
            ObjectVersion found = reader.last(change.key(), change.observedAt()).orElseThrow();
            ObjectVersion expected =
                    model.last(change.key(), change.observedAt()).orElseThrow();
            assertThat(found.resourceVersion()).isEqualTo(change.resourceVersion());
            assertThat(found.body()).as("seed %d", seed).isEqualTo(change.body());
            assertThat(found.bodyLength()).isEqualTo(change.body().length);
            assertThat(found.validTo()).isEqualTo(expected.validTo());
            int skip = random.nextInt(change.body().length + 2);
            for (boolean managedFields : new boolean[] {false, true}) {
                ByteArrayOutputStream written = new ByteArrayOutputStream();
                found.writeBody(written, managedFields, skip);
                ByteArrayOutputStream wanted = new ByteArrayOutputStream();
                expected.writeBody(wanted, managedFields, skip);
                assertThat(written.toByteArray()).isEqualTo(wanted.toByteArray());
            }
        }
    }

    /** All a reader tells of a part, as one text. */
    private static String readAll(PartReader reader, List<Change> changes) throws IOException {
        StringBuilder all = new StringBuilder();
        long end = changes.getLast().observedAt();
        for (long time = 0; time <= end; time += end / 2) {
            all.append(reader.types(time));
            for (ResourceType type : reader.types(time)) {
                all.append(reader.resourceVersion(type, time)).append(reader.firstNewer(type, "12"));
                try (VersionCursor states = reader.states(type, "", null, time)) {
                    while (states.next()) {
                        append(states.current(), all);
                    }
                }
            }
        }
        ObjectVersion.Visitor visitor = version -> {
            append(version, all);
            return true;
        };
        reader.changes(THINGS, "", Long.MIN_VALUE, Long.MAX_VALUE, visitor);
        for (ObjectKey key : changes.stream().map(Change::key).distinct().toList()) {
            reader.versions(key, 0, Long.MAX_VALUE, visitor);
        }
        return all.toString();
    }

    private static void append(ObjectVersion version, StringBuilder all) {
        all.append(version.key()).append(version.kind()).append(version.uid()).append(version.resourceVersion());
        all.append(version.observedAt()).append(version.validTo()).append(version.operation());
        all.append(version.fieldManager()).append(new String(version.body(), StandardCharsets.ISO_8859_1));
    }
}
