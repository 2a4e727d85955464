/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.reads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.StoreWrapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadChainTest {

    private static final String CLUSTER = "c";
    private static final int FOLD = 4;

    @TempDir
    private Path directory;

    private final List<String> damages = new ArrayList<>();

    @Test
    void whatWasAppendedIsThereWhenAppendReturns() throws IOException {
        try (ReadChain chain = chain(store(), "a")) {
            chain.append(record("one"));
            assertThat(names()).containsExactly("one");
            chain.append(record("two \n\u001b[31m\""));
        }
        assertThat(names()).containsExactly("one", "two \n\u001b[31m\"");
        assertThat(damages).isEmpty();
    }

    @Test
    void batchesAreFoldedIntoOneFileAndNothingChanges() throws IOException {
        try (ReadChain chain = chain(store(), "a")) {
            for (int i = 0; i < 2 * FOLD + 1; i++) {
                chain.append(record("r" + i));
            }
        }
        assertThat(names())
                .isEqualTo(IntStream.rangeClosed(0, 2 * FOLD)
                        .mapToObj(i -> "r" + i)
                        .toList());
        assertThat(files()).hasSize(3);
        assertThat(damages).isEmpty();
    }

    @Test
    void aFoldThatWasBrokenOffCountsNothingTwice() throws IOException {
        StoreWrapper keeps = new StoreWrapper(store()) {
            @Override
            public void delete(String path) throws IOException {
                throw new IOException("killed here");
            }
        };
        try (ReadChain chain = chain(keeps, "a")) {
            for (int i = 0; i < FOLD + 1; i++) {
                chain.append(record("r" + i));
            }
        }
        assertThat(files()).hasSize(FOLD + 2);
        assertThat(names()).hasSize(FOLD + 1);
        assertThat(damages).isEmpty();
    }

    @Test
    void anEditedRecordIsFound() throws IOException {
        three();
        Path second = files().get(1);
        Files.writeString(second, Files.readString(second).replace("r1", "rX"));

        assertThat(names()).containsExactly("r0", "rX", "r2");
        assertThat(damages).singleElement().asString().contains("batch 2 does not follow");
    }

    @Test
    void anEditedLastRecordIsFoundByTheNextServer() throws IOException {
        three();
        one("b");
        Path last = files().get(2);
        Files.writeString(last, Files.readString(last).replace("r2", "rX"));

        names();
        assertThat(damages).singleElement().asString().contains("batch 2 is not the one of which b knows");
    }

    @Test
    void aRemovedRecordIsFound() throws IOException {
        three();
        Path second = files().get(1);
        Files.delete(second);

        assertThat(names()).containsExactly("r0", "r2");
        assertThat(damages).singleElement().asString().contains("1 batches are missing before batch 2");
    }

    @Test
    void aRemovedEndAndARemovedChainAreFoundByTheNextServer() throws IOException {
        three();
        one("b");
        one("c");
        Files.delete(files().get(2));
        names();
        assertThat(damages).hasSize(1).first().asString().contains("reads/a: batch 2 is missing");

        for (Path file : files()) {
            if (file.toString().contains("/b/")) {
                Files.delete(file);
            }
        }
        damages.clear();
        names();
        assertThat(damages).anyMatch(sentence -> sentence.contains("reads/b: batch 0 is missing"));
    }

    @Test
    void reorderedRecordsAreFound() throws IOException {
        three();
        Path first = files().get(0);
        Path second = files().get(1);
        String swapped = Files.readString(first);
        Files.writeString(first, Files.readString(second));
        Files.writeString(second, swapped);

        names();
        assertThat(damages).isNotEmpty();
    }

    @Test
    void linesThatAreSwappedWithinABatchAreFound() throws Exception {
        together("r", 3);
        one("b");
        Path second = files().get(1);
        List<String> lines = new ArrayList<>(Files.readAllLines(second));
        assertThat(lines).hasSize(3);
        Collections.swap(lines, 1, 2);
        Files.writeString(second, String.join("\n", lines) + "\n");

        names();
        assertThat(damages).singleElement().asString().contains("batch 1 is not the one of which b knows");
    }

    @Test
    void everyByteThatIsTurnedIsFoundByTheNextServer() throws IOException {
        three();
        one("b");
        for (Path file : files().subList(0, 3)) {
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < whole.length; i++) {
                byte[] turned = whole.clone();
                turned[i] ^= 1;
                Files.write(file, turned);
                damages.clear();
                names();
                assertThat(damages).as("byte %s of %s", i, file).isNotEmpty();
            }
            Files.write(file, whole);
        }
    }

    @Test
    void aStoreThatFailsRefusesAndGoesOnWithoutAHole() throws IOException {
        AtomicInteger failures = new AtomicInteger();
        boolean[] after = {false};
        StoreWrapper failing = new StoreWrapper(store()) {
            @Override
            public void create(String path, byte[] content) throws IOException {
                if (failures.getAndDecrement() > 0) {
                    if (after[0]) {
                        super.create(path, content);
                    }
                    throw new IOException("the disk is full");
                }
                super.create(path, content);
            }
        };
        try (ReadChain chain = chain(failing, "a")) {
            failures.set(2);
            assertThatThrownBy(() -> chain.append(record("no"))).hasMessageContaining("the disk is full");
            assertThatThrownBy(() -> chain.append(record("neither"))).isInstanceOf(IOException.class);
            chain.append(record("yes"));
            after[0] = true;
            failures.set(1);
            assertThatThrownBy(() -> chain.append(record("written"))).hasMessageContaining("the disk is full");
            chain.append(record("last"));
        }
        assertThat(names()).containsExactly("no", "yes", "written", "last");
        assertThat(damages).isEmpty();
    }

    @Test
    void recordsThatComeMeanwhileShareABatch() throws Exception {
        together("r", 200);

        assertThat(names()).hasSize(200);
        assertThat(files()).hasSize(2);
    }

    /** Appends records while the first of them is being written. */
    private void together(String name, int count) throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        StoreWrapper slow = new StoreWrapper(store()) {
            @Override
            public void create(String path, byte[] content) throws IOException {
                begun.countDown();
                await(goOn);
                super.create(path, content);
            }
        };
        try (ReadChain chain = chain(slow, "a")) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String each = name + i;
                threads.add(Thread.ofVirtual().start(() -> appendTo(chain, each)));
                if (i == 0) {
                    await(begun);
                }
            }
            while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            join(threads);
        }
    }

    private Store store() {
        return new FileStore(directory);
    }

    private static ReadChain chain(Store store, String name) {
        return new ReadChain(store, CLUSTER, name, FOLD);
    }

    private void three() throws IOException {
        try (ReadChain chain = chain(store(), "a")) {
            for (int i = 0; i < 3; i++) {
                chain.append(record("r" + i));
            }
        }
    }

    private void one(String name) throws IOException {
        try (ReadChain chain = chain(store(), name)) {
            chain.append(record(name));
        }
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        new ReadAudit(store(), CLUSTER, damages::add).run(record -> names.add(record.name()));
        return names;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void appendTo(ReadChain chain, String name) {
        try {
            chain.append(record(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void join(List<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ReadRecord record(String name) {
        return new ReadRecord(
                "2026-01-31T14:03:22Z",
                "jane",
                List.of("dev"),
                "jane",
                "get",
                "pods",
                "",
                "shop",
                name,
                "2026-01-31T14:00:00Z",
                "2026-01-31T14:00:00Z",
                "/",
                true,
                "",
                "10.0.0.1",
                "kubectl");
    }
}
