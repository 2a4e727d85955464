/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("archive")
class FileStoreIT extends StoreContract {

    @Override
    Store store() {
        return Stores.open(directory.resolve("store").toUri().toString());
    }

    @Test
    void whatACrashLeftIsNotListed() throws Exception {
        Store store = store();
        store.create("a/b", bytes("1"));
        Path folder = directory.resolve("store/a");
        Files.write(folder.resolve(".9f86d081-884c-4d63-a1b2-c3d4e5f60718.unfinished"), bytes("half of a fi"));
        assertThat(store.list("")).hasSize(1);
    }

    @Test
    void aFileIsNoPlaceForARecording() throws Exception {
        Path file = Files.write(directory.resolve("notes.txt"), bytes("notes"));
        assertThatThrownBy(() -> Stores.open(file.toString()))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("notes.txt is a file, but no recording");
        Store below = Stores.open(file.resolve("recording").toString());
        assertThatThrownBy(() -> below.create("x", bytes("1")))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("notes.txt is a file, not a directory");
        assertThatThrownBy(() -> Stores.open("gs://bucket/x"))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("s3://bucket/prefix");
    }
}
