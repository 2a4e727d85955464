/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.testing.RemoteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCopiesTest {

    private static final int FILES = 600;

    @TempDir
    private Path directory;

    /** Several commands have one directory of copies. */
    @Test
    void copiesAreMadeWhileOthersUseThoseThatAreThere() throws Exception {
        Path files = Files.createDirectory(directory.resolve("files"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(files.resolve(Integer.toString(i)), "content " + i);
        }
        try (FileStore store = new FileStore(files);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            Path copies = directory.resolve("copies");
            AtomicBoolean done = new AtomicBoolean();
            Future<?> using = other.submit(() -> use(new LocalCopies(new RemoteStore(store), copies, 1 << 20), done));
            LocalCopies making = new LocalCopies(new RemoteStore(store), copies, 1 << 20);
            try {
                for (int i = 0; i < FILES; i++) {
                    assertThat(making.get(Integer.toString(i))).hasContent("content " + i);
                }
            } finally {
                done.set(true);
            }
            using.get();
        }
    }

    private static Void use(LocalCopies copies, AtomicBoolean done) throws IOException {
        while (!done.get()) {
            for (int i : IntStream.range(0, FILES / 2).toArray()) {
                copies.get(Integer.toString(i));
            }
        }
        return null;
    }
}
