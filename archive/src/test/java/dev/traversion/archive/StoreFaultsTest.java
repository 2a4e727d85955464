/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.FlakyStore;
import dev.traversion.archive.testing.RemoteStore;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import dev.traversion.archive.verify.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** G1 and G8: whatever the store does, what was recorded is there afterwards, and there once. */
class StoreFaultsTest {

    private static final String CLUSTER = "5f6a1d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final int CHANGES = 400;

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final List<Change> recorded = new ArrayList<>();
    private Store files;

    @BeforeEach
    void open() {
        files = new FileStore(directory.resolve("bucket"));
    }

    @Test
    void aStoreThatFailsNowAndThenLosesNothingAndDoublesNothing() throws Exception {
        FlakyStore flaky = new FlakyStore(files, seed);
        record(flaky, flaky::fail, flaky::mend);
        assertThat(flaky.failures()).isPositive();
        assertThat(wrong()).as("seed %d", seed).isEmpty();
    }

    /** What the same attack says of a store that is as bad as the one of a mutant. */
    @Test
    void aStoreThatSaysYesAndStoresNothingIsFound() throws Exception {
        record(
                new RemoteStore(files) {
                    @Override
                    public void create(String path, Path content) throws IOException {
                        if (!path.endsWith(".parquet")) {
                            super.create(path, content);
                        }
                    }
                },
                () -> {},
                () -> {});
        assertThat(wrong()).as("seed %d", seed).isNotEmpty();
    }

    @Test
    void uploadsThatAreNamedAnewEachTimeAreFound() throws Exception {
        record(
                new RemoteStore(files) {
                    @Override
                    public void create(String path, Path content) throws IOException {
                        super.create(path, content);
                        if (path.endsWith(".twal")) {
                            super.create(path.replace("/wal/", "/wal/again-"), content);
                        }
                    }
                },
                () -> {},
                () -> {});
        assertThat(wrong()).as("seed %d", seed).anyMatch(line -> line.contains("twice"));
    }

    @Test
    void aCommitThatAnotherRecorderMadeMeanwhileIsNotReplaced() throws Exception {
        recordTwice(false);
        assertThat(wrong()).as("seed %d", seed).isEmpty();
    }

    @Test
    void aStoreThatReplacesFilesIsFound() throws Exception {
        recordTwice(true);
        assertThat(wrong()).as("seed %d", seed).anyMatch(line -> line.contains("is missing"));
    }

    /** Another recorder takes over, records and commits, just before the first one's commit reaches the store. */
    private void recordTwice(boolean replaces) throws Exception {
        SyntheticCluster cluster = new SyntheticCluster(seed, 20, 1_000_000);
        CountDownLatch committed = new CountDownLatch(1);
        Store store = new RemoteStore(files) {
            @Override
            public void create(String path, byte[] content) throws IOException {
                if (path.endsWith("/versions/metadata/v2.metadata.json") && committed.getCount() > 0) {
                    append(new RemoteStore(files), "other", cluster, 50);
                    committed.countDown();
                    if (replaces) {
                        files.delete(path);
                    }
                }
                super.create(path, content);
            }
        };
        try {
            append(store, "test", cluster, 100);
        } catch (TraversionException e) {
            assertThat(e).hasMessageContaining("nother recorder");
        }
        assertThat(committed.getCount()).as("the other one came in between").isZero();
    }

    private void append(Store store, String name, SyntheticCluster cluster, int changes) throws IOException {
        try (RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options(name))) {
            for (int i = 0; i < changes; i++) {
                Change change = cluster.next();
                writer.append(change);
                recorded.add(change);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void record(Store store, Runnable fail, Runnable mend) throws Exception {
        SyntheticCluster cluster = new SyntheticCluster(seed, 20, 1_000_000);
        try (RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options("test"))) {
            fail.run();
            for (int i = 0; i < CHANGES; i++) {
                Change change = cluster.next();
                writer.append(change);
                recorded.add(change);
                if (i == 50) {
                    await(() -> files.list("clusters/" + CLUSTER + "/wal/").stream()
                            .anyMatch(file -> file.path().endsWith(".twal")));
                } else if (i == 250) {
                    await(() -> writer.progress().sealedParts() > 0
                            || writer.progress().failedUploads() > 0);
                }
            }
            mend.run();
        } catch (TraversionException e) {
            // Closing could not seal: that is for the verdict to find out.
            assertThat(e).hasMessageContaining("Nothing is lost");
        }
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    /** For the background, which looks twice a second. */
    private static void await(Condition condition) throws Exception {
        while (!condition.holds()) {
            Thread.sleep(20);
        }
    }

    private WriterOptions options(String name) {
        return new WriterOptions(
                name,
                directory.resolve(name),
                150,
                0,
                1_000_000,
                Duration.ofHours(1),
                256 << 20,
                1 << 30,
                Duration.ofMillis(1),
                Clock.systemUTC());
    }

    /** What is not as it should be, as somebody else sees it who has only the bucket; a line each. */
    private List<String> wrong() throws IOException {
        List<String> wrong = new ArrayList<>();
        TreeMap<Long, Change> missing = new TreeMap<>();
        recorded.forEach(change -> missing.put(change.observedAt(), change));
        try (Recording recording = Recording.open(files, CLUSTER, RecordingOptions.defaults())) {
            for (ResourceType type : recording.types(Long.MAX_VALUE)) {
                recording.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                    Change expected = missing.remove(version.observedAt());
                    if (expected == null) {
                        wrong.add(version.key() + " " + version.resourceVersion() + " is there twice, or never was");
                    } else if (!java.util.Arrays.equals(expected.body(), version.body())) {
                        wrong.add(version.key() + " " + version.resourceVersion() + " has another body");
                    }
                    return true;
                });
            }
        } catch (TraversionException | IOException e) {
            wrong.add("cannot be read: " + e.getMessage());
        }
        missing.values().forEach(change -> wrong.add(change.key() + " " + change.resourceVersion() + " is missing"));
        LocalCopies copies = new LocalCopies(files, directory.resolve("copies"), 1 << 20);
        wrong.addAll(new Verification(files, CLUSTER, copies, _ -> {}).run().damages());
        return wrong;
    }
}
