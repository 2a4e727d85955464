/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises. */
abstract class StoreContract {

    @TempDir
    Path directory;

    /** An empty store; the same one at every call of a test. */
    abstract Store store() throws Exception;

    @Test
    void whatWasCreatedIsThere() throws Exception {
        Store store = store();
        store.probe();
        assertThat(store.list("")).isEmpty();
        store.create("clusters/a/versions/data/part=-5/x y+z%20\u00fc.parquet", bytes("one"));
        store.create("clusters/a/recording.json", bytes("{}"));
        store.create("clusters/b/empty", new byte[0]);
        assertThat(store.list(""))
                .containsExactly(
                        new StoredFile("clusters/a/recording.json", 2),
                        new StoredFile("clusters/a/versions/data/part=-5/x y+z%20\u00fc.parquet", 3),
                        new StoredFile("clusters/b/empty", 0));
        assertThat(store.list("clusters/a/rec")).hasSize(1);
        assertThat(store.list("clusters/c/")).isEmpty();
        assertThat(store.folders("clusters/")).containsExactly("a", "b");
        assertThat(store.folders("clusters/c/")).isEmpty();
        assertThat(text(store, "clusters/a/versions/data/part=-5/x y+z%20\u00fc.parquet"))
                .isEqualTo("one");
        assertThat(text(store, "clusters/b/empty")).isEmpty();
    }

    @Test
    void filesComeBackByteForByteAndInRanges() throws Exception {
        Store store = store();
        byte[] content = new byte[20_000_001];
        new Random(7).nextBytes(content);
        Path file = Files.write(directory.resolve("large"), content);
        store.create("large", file);
        try (InputStream in = store.read("large")) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(store.read("large", 19_999_999, 2)).containsExactly(content[19_999_999], content[20_000_000]);
        assertThatThrownBy(() -> store.read("large", 19_999_999, 3)).isInstanceOf(IOException.class);
        assertThat(file).exists();
    }

    @Test
    void whatIsNotThereIsSaidToBeMissing() throws Exception {
        Store store = store();
        assertThatThrownBy(() -> store.read("no/such")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> store.read("no/such", 0, 1)).isInstanceOf(NoSuchFileException.class);
        store.delete("no/such");
        store.create("once", bytes("1"));
        store.delete("once");
        assertThatThrownBy(() -> store.read("once")).isInstanceOf(NoSuchFileException.class);
        store.create("once", bytes("2"));
        assertThat(text(store, "once")).isEqualTo("2");
    }

    @Test
    void aFileIsNeverReplaced() throws Exception {
        Store store = store();
        store.create("v1", bytes("first"));
        assertThatThrownBy(() -> store.create("v1", bytes("second"))).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> store.create("v1", bytes("first"))).isInstanceOf(FileAlreadyExistsException.class);
        Path file = Files.write(directory.resolve("third"), bytes("third"));
        assertThatThrownBy(() -> store.create("v1", file)).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(text(store, "v1")).isEqualTo("first");
    }

    @Test
    void ofManyWhoCreateOneFileExactlyOneSucceeds() throws Exception {
        Store store = store();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 10; round++) {
                String path = "metadata/v" + round + ".metadata.json";
                List<Future<Boolean>> attempts = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    byte[] mine = bytes("writer " + i);
                    attempts.add(threads.submit(() -> creates(store, path, mine)));
                }
                int winner = -1;
                for (int i = 0; i < attempts.size(); i++) {
                    if (attempts.get(i).get()) {
                        assertThat(winner)
                                .as("an earlier winner in round %d", round)
                                .isNegative();
                        winner = i;
                    }
                }
                assertThat(text(store, path)).isEqualTo("writer " + winner);
            }
        }
    }

    @Test
    void longListsAreWhole() throws Exception {
        Store store = store();
        int count = 1_005;
        List<Future<Boolean>> created = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < count; i++) {
                String path = String.format("wal/%05d", i);
                created.add(threads.submit(() -> creates(store, path, bytes(path))));
            }
            for (Future<Boolean> future : created) {
                assertThat(future.get()).isTrue();
            }
        }
        List<StoredFile> files = store.list("wal/");
        assertThat(files).hasSize(count);
        assertThat(files.getLast().path()).isEqualTo("wal/01004");
    }

    private static boolean creates(Store store, String path, byte[] content) throws IOException {
        try {
            store.create(path, content);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Store store, String path) throws IOException {
        try (InputStream in = store.read(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
