/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Layout;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.retention.Limits;
import dev.traversion.archive.retention.Retention;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.StoreWrapper;
import dev.traversion.archive.testing.SyntheticCluster;
import dev.traversion.archive.verify.Verification;
import dev.traversion.archive.verify.VerifyReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealChainTest {

    private static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final Layout LAYOUT = new Layout(CLUSTER);

    @TempDir
    private Path directory;

    private final SyntheticCluster cluster = new SyntheticCluster(42, 30, 1_000_000);
    private Path files;

    @BeforeEach
    void record() throws Exception {
        files = directory.resolve("recording");
        for (int session = 0; session < 4; session++) {
            record(new FileStore(files));
        }
    }

    private void record(Store store) throws InterruptedException, IOException {
        try (RecordingWriter writer =
                RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
            for (int i = 0; i < 100; i++) {
                writer.append(cluster.next());
            }
        }
    }

    private VerifyReport verify() throws IOException {
        Store store = new FileStore(files);
        return new Verification(store, CLUSTER, copies(store), _ -> {}).run();
    }

    private LocalCopies copies(Store store) {
        return new LocalCopies(store, directory.resolve("copies"), 1 << 20);
    }

    private void assertWhole(int seals) throws IOException {
        VerifyReport report = verify();
        assertThat(report.damages()).isEmpty();
        assertThat(report.notes()).isEmpty();
        assertThat(report.seals()).isEqualTo(seals);
    }

    @Test
    void sealsThatCrashesLeftOutAreMadeUpForInTheirOrder() throws Exception {
        assertWhole(4);
        for (int number = 3; number <= 5; number++) {
            Files.delete(files.resolve(LAYOUT.seal(number)));
        }
        VerifyReport unsealed = verify();
        assertThat(unsealed.damages()).isEmpty();
        assertThat(unsealed.notes()).anyMatch(note -> note.contains("seals/3.json"));

        record(new FileStore(files));

        assertWhole(5);
    }

    @Test
    void aSealThatIsMissingBeforeAnotherIsDamage() throws Exception {
        Files.delete(files.resolve(LAYOUT.seal(3)));
        assertThat(verify().damages()).anyMatch(damage -> damage.contains("seals/3.json is missing"));
    }

    @Test
    void twoWhoCommitBeforeEitherSealsLeaveNoSealOut() throws Exception {
        AtomicBoolean waiting = new AtomicBoolean(true);
        Store racing = new StoreWrapper(new FileStore(files)) {
            @Override
            public void create(String path, byte[] content) throws IOException {
                super.create(path, content);
                if (path.endsWith("versions/metadata/v6.metadata.json") && waiting.getAndSet(false)) {
                    retain();
                }
            }
        };

        record(racing);

        assertThat(waiting).isFalse();
        assertThat(files.resolve(LAYOUT.seal(7))).exists();
        assertThat(verify().damages()).isEmpty();
        record(new FileStore(files));
        VerifyReport report = verify();
        assertThat(report.damages()).isEmpty();
        assertThat(report.notes()).isEmpty();
    }

    private void retain() {
        try {
            Store store = new FileStore(files);
            new Retention(store, LAYOUT, copies(store), directory.resolve("work"), Clock.systemUTC())
                    .run(new Limits(null, 1, 100));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
