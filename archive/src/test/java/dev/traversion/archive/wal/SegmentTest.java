/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.encoding.ByteSink;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentTest {

    private static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "leases");
    private static final SegmentName NAME = new SegmentName("test", 3, 0);

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final Random random = new Random(seed);

    @Test
    void comesBackByteForByteInOrder() throws Exception {
        for (int round = 0; round < 8; round++) {
            SyntheticCluster cluster = new SyntheticCluster(random.nextLong(), 1 + random.nextInt(300), 1_000_000);
            List<String> expected = new ArrayList<>();
            try (SegmentWriter writer = new SegmentWriter(directory, new SegmentName("test", 1, round))) {
                for (int i = 0; i < 3_000; i++) {
                    if (random.nextInt(20) == 0) {
                        CoverageMark mark = mark(i);
                        writer.add(mark);
                        expected.add(describe(mark));
                    }
                    Change change = cluster.next();
                    if (random.nextInt(200) == 0) {
                        change = withBody(change, new byte[0]);
                    } else if (random.nextInt(200) == 0) {
                        change = withBody(change, noise(random.nextInt(40_000)));
                    }
                    writer.add(change);
                    expected.add(describe(change));
                    if (writer.isBlockFull() || random.nextInt(100) == 0) {
                        writer.sync();
                    }
                }
            }
            byte[] bytes = Files.readAllBytes(directory.resolve(new SegmentName("test", 1, round).fileName()));
            List<String> read = new ArrayList<>();
            SegmentReader reader = read(bytes, read);
            assertThat(read).as("seed %d, round %d", seed, round).isEqualTo(expected);
            assertThat(reader.ended()).isTrue();
        }
    }

    @Test
    void deltasAreSmallAndExactForAnyPairOfBodies() {
        Delta delta = new Delta();
        for (int i = 0; i < 20_000; i++) {
            byte[] base = noise(random.nextInt(600));
            byte[] body = random.nextBoolean() ? noise(random.nextInt(600)) : edited(base);
            ByteSink operations = new ByteSink(16);
            delta.encode(base, base.length, body, operations);
            ByteBuffer encoded = ByteBuffer.wrap(operations.array(), 0, operations.length());
            assertThat(Delta.length(base.length, new ByteSource(encoded.duplicate())))
                    .as("seed %d, pair %d", seed, i)
                    .isEqualTo(body.length);
            assertThat(Delta.decode(base, new ByteSource(encoded), body.length))
                    .as("seed %d, pair %d", seed, i)
                    .isEqualTo(body);
        }
        byte[] lease =
                "{\"kind\":\"Lease\",\"spec\":{\"holderIdentity\":\"node-17\",\"renewTime\":\"2026-03-01T08:00:00.000000Z\"}}"
                        .getBytes(StandardCharsets.UTF_8);
        byte[] renewed = new String(lease, StandardCharsets.UTF_8)
                .replace("08:00:00.0", "08:00:10.4")
                .getBytes(StandardCharsets.UTF_8);
        ByteSink operations = new ByteSink(16);
        delta.encode(lease, lease.length, renewed, operations);
        assertThat(operations.length()).isLessThan(20);
    }

    /** G6 for the log: nothing but a prefix of what was written is ever read. */
    @Test
    void cutAtAnyLengthItReadsAsAPrefix() throws Exception {
        List<String> written = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        byte[] bytes = smallSegment(written, ends);
        int whole = 0;
        for (int length = 0; length < bytes.length; length++) {
            List<String> read = new ArrayList<>();
            SegmentReader reader = read(Arrays.copyOf(bytes, length), read);
            while (whole < ends.size() && ends.get(whole) <= length) {
                whole++;
            }
            assertThat(read)
                    .as("cut at %d of %d", length, bytes.length)
                    .isEqualTo(written.subList(0, whole == 0 ? 0 : recordsUpTo(written, ends, whole)));
            assertThat(reader.ended()).isFalse();
        }
    }

    @Test
    void withAnyByteFlippedItReadsAsAPrefixOrIsRefused() throws Exception {
        List<String> written = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        byte[] bytes = smallSegment(written, ends);
        int lastBlock = ends.get(ends.size() - 2);
        int refused = 0;
        for (int at = 0; at < bytes.length; at++) {
            for (int mask : new int[] {1, 0x80, 0xFF}) {
                byte[] damaged = bytes.clone();
                damaged[at] ^= (byte) mask;
                List<String> read = new ArrayList<>();
                try {
                    read(damaged, read);
                    assertThat(read)
                            .as("byte %d ^ %d of %d, not refused", at, mask, bytes.length)
                            .isEqualTo(written);
                } catch (TraversionException e) {
                    refused++;
                    assertThat(e).hasMessageContaining("segment.twal");
                    assertThat(written.subList(0, read.size())).isEqualTo(read);
                }
            }
        }
        assertThat(refused).isGreaterThan(lastBlock);
    }

    @Test
    void growsUnderAReader() throws Exception {
        SyntheticCluster cluster = new SyntheticCluster(random.nextLong(), 40, 1_000_000);
        Path file = directory.resolve("wal/test/" + NAME.fileName());
        Files.createDirectories(file.getParent());
        Tail tail = new Tail();
        List<String> expected = new ArrayList<>();
        try (SegmentWriter writer = new SegmentWriter(file.getParent(), NAME);
                WalFollower follower = new WalFollower(new FileStore(directory), "wal/")) {
            for (int block = 0; block < 50; block++) {
                for (int i = random.nextInt(30); i >= 0; i--) {
                    Change change = cluster.next();
                    writer.add(change);
                    expected.add(describe(change));
                }
                writer.sync();
                assertThat(follower.poll(Map.of(), null)).isTrue();
                assertThat(follower.poll(Map.of(), null)).isFalse();
                assertThat(follower.tail().size()).isEqualTo(expected.size());
                tail = follower.tail();
            }
        }
        List<String> sorted = new ArrayList<>();
        try (VersionCursor cursor = tail.sorted()) {
            while (cursor.next()) {
                sorted.add(describe(cursor.current()));
            }
        }
        assertThat(sorted).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aSegmentOfANewerFormatIsRefusedInASentence() throws Exception {
        byte[] bytes = smallSegment(new ArrayList<>(), new ArrayList<>());
        bytes[5] = 2;
        assertThatThrownBy(() -> read(bytes, new ArrayList<>()))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("newer Traversion")
                .hasMessageContaining("Update kubectl-traversion");
    }

    /** A crash during the creation of a segment leaves a piece of its header, or zeros. */
    @Test
    void aSegmentThatNeverGotItsHeaderIsRemovedButNeverOneWithRecords() throws Exception {
        Path log = Files.createDirectories(directory.resolve("wal/test"));
        Path file = log.resolve(NAME.fileName());
        byte[] header = SegmentFormat.fileHeader(NAME);
        for (int length = 0; length < header.length; length++) {
            Files.write(file, Arrays.copyOf(header, length));
            WalFollower.recover(log);
            assertThat(file).as("%d bytes", length).doesNotExist();
            Files.write(file, new byte[length]);
            WalFollower.recover(log);
            assertThat(file).as("%d zeros", length).doesNotExist();
        }
        byte[] bytes = smallSegment(new ArrayList<>(), new ArrayList<>());
        for (int at = 0; at < header.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x40;
            Files.write(file, damaged);
            try {
                WalFollower.recover(log);
            } catch (TraversionException expected) {
                assertThat(expected).hasMessageContaining(NAME.fileName());
            }
            assertThat(Files.readAllBytes(file)).as("byte %d", at).isEqualTo(damaged);
        }
    }

    /** Blocks of one to three records; ends gets where each block ends, with the end mark last. */
    private byte[] smallSegment(List<String> written, List<Integer> ends) throws IOException {
        Path log = Files.createTempDirectory(directory, "small");
        Path file = log.resolve(NAME.fileName());
        try (SegmentWriter writer = new SegmentWriter(log, NAME)) {
            for (int block = 0; block < 6; block++) {
                for (int i = 0; i <= block % 3; i++) {
                    Change change = lease(block * 3 + i);
                    writer.add(change);
                    written.add(describe(change));
                }
                if (block == 2) {
                    writer.add(mark(block));
                    written.add(describe(mark(block)));
                }
                writer.sync();
                ends.add((int) Files.size(file));
            }
        }
        ends.add((int) Files.size(file));
        return Files.readAllBytes(file);
    }

    private static int recordsUpTo(List<String> written, List<Integer> ends, int blocks) {
        int records = 0;
        for (int block = 0; block < Math.min(blocks, ends.size() - 1); block++) {
            records += 1 + block % 3 + (block == 2 ? 1 : 0);
        }
        return Math.min(records, written.size());
    }

    private static Change lease(int version) {
        String name = "node-" + version % 4;
        String body = "{\"kind\":\"Lease\",\"metadata\":{\"name\":\"" + name + "\",\"resourceVersion\":\"" + version
                + "\"},\"spec\":{\"renewTime\":\"2026-03-01T08:00:00.00000" + version % 10 + "Z\"}}";
        return new Change(
                new ObjectKey(LEASES, "kube-node-lease", name),
                "Lease",
                "uid-" + name,
                Integer.toString(version),
                1_000L + version,
                version < 4 ? Operation.ADDED : Operation.MODIFIED,
                body.getBytes(StandardCharsets.UTF_8));
    }

    private CoverageMark mark(int at) {
        CoverageMark.Kind[] kinds = CoverageMark.Kind.values();
        return new CoverageMark(
                LEASES, kinds[at % kinds.length], at - 10L, Integer.toString(at), at % 2 == 0 ? "" : "why");
    }

    private static Change withBody(Change change, byte[] body) {
        return new Change(
                change.key(),
                change.kind(),
                change.uid(),
                change.resourceVersion(),
                change.observedAt(),
                change.operation(),
                body);
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (random.nextBoolean()) {
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) ('a' + (bytes[i] & 1));
            }
        }
        return bytes;
    }

    private byte[] edited(byte[] base) {
        byte[] moved = base.clone();
        for (int edits = random.nextInt(4); edits > 0 && moved.length > 2; edits--) {
            int from = random.nextInt(moved.length);
            int to = from + random.nextInt(moved.length - from);
            byte[] insert = random.nextBoolean() ? noise(random.nextInt(30)) : Arrays.copyOf(base, base.length / 3);
            ByteBuffer next = ByteBuffer.allocate(moved.length - (to - from) + insert.length);
            moved = next.put(moved, 0, from)
                    .put(insert)
                    .put(moved, to, moved.length - to)
                    .array();
        }
        return moved;
    }

    private static SegmentReader read(byte[] bytes, List<String> into) throws IOException {
        SegmentReader.Bytes file = new SegmentReader.Bytes() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public ByteBuffer read(long offset, int length) {
                return ByteBuffer.wrap(bytes).slice((int) offset, length);
            }
        };
        SegmentReader reader = new SegmentReader("segment.twal", file);
        reader.poll(new SegmentReader.Records() {
            @Override
            public void change(TailEntry entry) {
                into.add(describe(entry));
            }

            @Override
            public void mark(CoverageMark mark) {
                into.add(describe(mark));
            }
        });
        return reader;
    }

    private static String describe(CoverageMark mark) {
        return mark.toString();
    }

    private static String describe(Change change) {
        return describe(
                change.key(),
                change.kind(),
                change.uid(),
                change.resourceVersion(),
                change.observedAt(),
                change.operation(),
                change.body());
    }

    private static String describe(ObjectVersion version) {
        return describe(
                version.key(),
                version.kind(),
                version.uid(),
                version.resourceVersion(),
                version.observedAt(),
                version.operation(),
                version.body());
    }

    private static String describe(
            ObjectKey key, String kind, String uid, String version, long time, Operation operation, byte[] body) {
        return key + " " + kind + " " + uid + " " + version + " " + time + " " + operation + " " + body.length + " "
                + HexFormat.of().toHexDigits(Arrays.hashCode(body));
    }
}
