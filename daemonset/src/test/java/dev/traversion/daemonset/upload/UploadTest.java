/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Layout;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {

    private static final Layout LAYOUT = new Layout("c1");

    @TempDir
    private Path directory;

    private Store store;

    @BeforeEach
    void open() {
        store = new FileStore(directory.resolve("recording"));
    }

    @Test
    void whatIsCompleteIsBroughtToTheStoreAndDeletedHere() throws Exception {
        land(0, true);
        land(1, false);
        land(2, false);
        AtomicLong freed = new AtomicLong();

        new Upload(directory.resolve("spool/n1"), store, LAYOUT, "n1", freed::addAndGet).close();

        assertThat(uploaded()).as("the one that still grows is not").containsExactly(name(0), name(1));
        assertThat(directory.resolve("spool/" + name(0))).doesNotExist();
        assertThat(directory.resolve("spool/" + name(2))).exists();
        assertThat(freed).hasPositiveValue();
    }

    @Test
    void whatIsThereAlreadySinceAnAnswerWasLostIsNotUploadedAgain() throws Exception {
        land(0, true);
        store.create(LAYOUT.landing() + name(0), directory.resolve("spool/" + name(0)));

        new Upload(directory.resolve("spool/n1"), store, LAYOUT, "n1", _ -> {}).close();

        assertThat(uploaded()).containsExactly(name(0));
        assertThat(directory.resolve("spool/" + name(0))).doesNotExist();
    }

    @Test
    void aStoreThatFailsKeepsTheFilesHere() throws Exception {
        land(0, true);
        Files.createDirectories(directory.resolve("recording/clusters"));
        // A file is where the folder should be.
        Files.createFile(directory.resolve("recording/clusters/c1"));
        Upload upload = new Upload(directory.resolve("spool/n1"), store, LAYOUT, "n1", _ -> {});
        upload.close();

        assertThat(upload.problem()).isNotEmpty();
        assertThat(upload.failures()).isPositive();
        assertThat(directory.resolve("spool/" + name(0))).exists();
    }

    private List<String> uploaded() throws IOException {
        return store.list(LAYOUT.landing()).stream()
                .map(StoredFile::path)
                .map(path -> path.substring(LAYOUT.landing().length()))
                .toList();
    }

    private static String name(int sequence) {
        return new LandingName("n1", 7, sequence).path();
    }

    private void land(int sequence, boolean isEnded) throws IOException {
        LandingWriter file = new LandingWriter(directory.resolve("spool"), new LandingName("n1", 7, sequence));
        RowBlock rows = new RowBlock(LandingTable.CLOCK);
        rows.endRow();
        file.append(rows);
        if (isEnded) {
            file.close();
        } else {
            file.abandon();
        }
    }
}
