/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.store.StoreRefusal;
import dev.traversion.archive.testing.MemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedWritersTest {

    private static final String CLUSTER = "11111111-2222-3333-4444-555555555555";
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType NODES = new ResourceType("", "nodes");
    private static final int PART = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final MemoryStore memory = new MemoryStore();

    @Test
    void oneCommitsWhatAllHaveRecorded() throws Exception {
        try (RecordingWriter first = open(memory, "first");
                RecordingWriter second = open(memory, "second")) {
            await(first::commits);
            append(second, NODES, 1, PART);
            append(first, PODS, 1, 2 * PART);
            await(() -> first.progress().sealedParts() > 0);
            append(first, PODS, 2 * PART + 1, 3 * PART);
            await(() -> recorded(NODES).size() == PART && recorded(PODS).size() == 3 * PART);
            assertThat(second.commits()).isFalse();
            assertThat(second.progress().sealedParts()).isZero();
        }
        assertThat(recorded(PODS)).isEqualTo(versions(1, 3 * PART));
        assertThat(recorded(NODES)).isEqualTo(versions(1, PART));
        assertThat(memory.list("clusters/" + CLUSTER + "/wal/"))
                .as("the last one sealed all")
                .isEmpty();
    }

    @Test
    void whoLeavesIsReplacedAsCommitterByTheOther() throws Exception {
        RecordingWriter first = open(memory, "first");
        try (RecordingWriter second = open(memory, "second")) {
            await(first::commits);
            append(first, PODS, 1, 3);
            first.close();
            await(second::commits);
        }
        assertThat(recorded(PODS)).isEqualTo(versions(1, 3));
    }

    @Test
    void aCommitterThatStalledInTheMiddleOfACommitLosesItAndDamagesNothing() throws Exception {
        StallingStore stalling = new StallingStore(memory);
        try (RecordingWriter stalled = open(stalling, "stalled");
                RecordingWriter other = open(memory, "other")) {
            await(stalled::commits);
            append(stalled, PODS, 1, PART);
            await(() -> stalled.progress().sealedParts() == 1);

            // It has looked whether it may commit, and stops just before it does.
            stalling.stall();
            append(stalled, PODS, PART + 1, 2 * PART);
            stalling.stalled.await();

            await(other::commits);
            append(other, NODES, 1, PART);
            await(() -> other.progress().sealedParts() == 1);

            stalling.goOn.countDown();
            await(stalled::isKeptOut);
            assertThat(stalling.taken)
                    .anyMatch(path -> path.endsWith("/versions/metadata/v3.metadata.json")
                            || path.endsWith("/coverage/metadata/v3.metadata.json"));
            assertThatThrownBy(() -> stalled.append(change(PODS, 99))).isInstanceOf(TraversionException.class);
        }
        assertThat(recorded(PODS)).isEqualTo(versions(1, 2 * PART));
        assertThat(recorded(NODES)).isEqualTo(versions(1, PART));
    }

    @Test
    void whoWasKeptOutComesBackAndSetsAsideWhatCameTooLate() throws Exception {
        StallingStore stalling = new StallingStore(memory);
        RecordingWriter stalled = open(stalling, "stalled");
        try (RecordingWriter other = open(memory, "other")) {
            append(stalled, PODS, 1, 1);
            await(() -> recorded(PODS).size() == 1);
            stalling.setAway(true);
            append(stalled, PODS, 2, 3);
            stalled.synced().join();
            await(() -> other.commits() && other.others().isEmpty());
            // What the stalled one had not copied, the other one has recorded by itself.
            append(other, PODS, 2, 4);
            stalling.setAway(false);
            await(stalled::isKeptOut);
            stalled.close();
            try (RecordingWriter again = open(stalling, "stalled")) {
                await(() -> other.others().size() == 1);
                append(again, NODES, 1, 1);
            }
        }
        assertThat(recorded(PODS)).isEqualTo(versions(1, 4));
        assertThat(recorded(NODES)).isEqualTo(versions(1, 1));
        assertThat(directory.resolve("stalled/clusters/" + CLUSTER + "/set-aside/stalled"))
                .isDirectoryContaining("glob:**.twal");
    }

    /** Keys without a right to write are mended by somebody, and no reason to end: the log holds what comes meanwhile. */
    @Test
    void whoMayNotWriteForAWhileRecordsOn() throws Exception {
        ClosedStore closed = new ClosedStore(memory);
        try (RecordingWriter first = open(closed, "first");
                RecordingWriter second = open(closed, "second")) {
            await(() -> first.commits() && second.others().size() == 1);
            closed.isClosed = true;
            append(first, PODS, 1, 2 * PART);
            await(() -> closed.refusedBeats.get() > 8);
            append(second, NODES, 1, PART);
            closed.isClosed = false;
            await(() -> recorded(PODS).size() == 2 * PART && recorded(NODES).size() == PART);
        }
        assertThat(recorded(PODS)).isEqualTo(versions(1, 2 * PART));
        assertThat(recorded(NODES)).isEqualTo(versions(1, PART));
    }

    @Test
    void recordersWithDifferentMaskingKeysDoNotShare() throws Exception {
        try (RecordingWriter first = open(memory, "first")) {
            assertThat(first.others()).isEmpty();
            assertThatThrownBy(() -> RecordingWriter.openShared(
                            memory, CLUSTER, options("second"), "another key", new QuickExecution()))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("another key");
            // The one that was there goes on as if nothing had come.
            for (int i = 0; i < 3; i++) {
                int last = (i + 1) * PART;
                append(first, PODS, i * PART + 1, last);
                await(() -> recorded(PODS).size() == last);
                assertThat(first.others()).isEmpty();
            }
        }
    }

    /** Can be read, and lets nobody write while it is closed. */
    private static final class ClosedStore extends MemoryStore {

        private final AtomicInteger refusedBeats = new AtomicInteger();
        private volatile boolean isClosed;

        ClosedStore(MemoryStore same) {
            super(same);
        }

        private void check(String path) {
            if (isClosed) {
                refusedBeats.addAndGet(path.contains("/members/") ? 1 : 0);
                throw new StoreRefusal(StoreRefusal.Why.NOT_ALLOWED, "Not allowed to write " + path, null);
            }
        }

        @Override
        public void create(String path, byte[] content) throws IOException {
            check(path);
            super.create(path, content);
        }

        @Override
        public void create(String path, Path content) throws IOException {
            check(path);
            super.create(path, content);
        }
    }

    /** Stops before a commit, and is not heard of meanwhile. */
    private static final class StallingStore extends MemoryStore {

        private final AtomicBoolean isStalling = new AtomicBoolean();
        private final CountDownLatch stalled = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final Queue<String> taken = new ConcurrentLinkedQueue<>();

        StallingStore(MemoryStore same) {
            super(same);
        }

        void stall() {
            isStalling.set(true);
        }

        @Override
        public void create(String path, byte[] content) throws IOException {
            boolean isCommit = path.endsWith(".metadata.json");
            if (isStalling.get() && (isCommit || path.contains("/members/"))) {
                if (isCommit) {
                    stalled.countDown();
                }
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }
            try {
                super.create(path, content);
            } catch (FileAlreadyExistsException e) {
                taken.add(path);
                throw e;
            }
        }
    }

    /** Twenty seconds pass in one. */
    private static final class QuickExecution implements Execution {

        private static final int SPEED = 20;

        @Override
        public long nanoTime() {
            return SYSTEM.nanoTime() * SPEED;
        }

        @Override
        public void sleep(long millis) throws InterruptedException {
            SYSTEM.sleep(Math.max(1, millis / SPEED));
        }

        @Override
        public boolean await(CountDownLatch latch, long millis) throws InterruptedException {
            return SYSTEM.await(latch, Math.max(1, millis / SPEED));
        }

        @Override
        public Thread thread(String name, Runnable task) {
            return SYSTEM.thread(name, task);
        }

        @Override
        public RandomGenerator random() {
            return SYSTEM.random();
        }
    }

    private RecordingWriter open(MemoryStore store, String name) throws IOException {
        return RecordingWriter.openShared(store, CLUSTER, options(name), "key", new QuickExecution());
    }

    private WriterOptions options(String name) {
        return new WriterOptions(
                name,
                directory.resolve(name),
                PART,
                0,
                100_000,
                Duration.ofHours(1),
                256 << 20,
                1 << 30,
                Duration.ofMillis(200),
                Clock.systemUTC());
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.isMet()) {
            assertThat(System.nanoTime() - end).as("in time").isNegative();
            Thread.sleep(20);
        }
    }

    private interface Condition {
        boolean isMet() throws Exception;
    }

    private void append(RecordingWriter writer, ResourceType type, int from, int to) throws InterruptedException {
        for (int version = from; version <= to; version++) {
            writer.append(change(type, version));
        }
    }

    private static Change change(ResourceType type, int version) {
        String body = "{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"" + version + "\"}}";
        return new Change(
                new ObjectKey(type, "", "a"),
                "Thing",
                "uid",
                Integer.toString(version),
                1_000_000_000L * version,
                Operation.MODIFIED,
                body.getBytes(StandardCharsets.UTF_8));
    }

    private List<Integer> recorded(ResourceType type) throws IOException {
        List<Integer> versions = new ArrayList<>();
        RecordingOptions options = new RecordingOptions(directory.resolve("reader"), 1 << 20, 1 << 20, 1 << 20);
        try (Recording recording = Recording.open(memory, CLUSTER, options)) {
            recording.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                versions.add(Integer.parseInt(version.resourceVersion()));
                return true;
            });
        }
        return versions;
    }

    private static List<Integer> versions(int from, int to) {
        List<Integer> versions = new ArrayList<>();
        for (int version = from; version <= to; version++) {
            versions.add(version);
        }
        return versions;
    }
}
