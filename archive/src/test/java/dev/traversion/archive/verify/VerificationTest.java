/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerificationTest {

    private static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final String ROOT = "clusters/" + CLUSTER + "/";

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final Random random = new Random(seed);
    private Store store;
    private Path files;

    @BeforeEach
    void record() throws Exception {
        files = directory.resolve("recording");
        store = new FileStore(files);
        SyntheticCluster cluster = new SyntheticCluster(seed, 50, 1_000_000);
        for (int session = 0; session < 3; session++) {
            try (RecordingWriter writer =
                    RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
                for (int i = 0; i < 800; i++) {
                    writer.append(cluster.next());
                }
            }
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private VerifyReport verify() throws IOException {
        LocalCopies copies = new LocalCopies(store, directory.resolve("copies"), 1 << 20);
        return new Verification(store, CLUSTER, copies, _ -> {}).run();
    }

    private List<String> sealed() throws IOException {
        List<String> sealed = new ArrayList<>();
        for (StoredFile file : store.list(ROOT)) {
            String path = file.path();
            // The first commits make empty tables; the newest seal is kept by the next one only.
            boolean isSealed = path.contains("/data/") || path.endsWith(".avro") || path.endsWith("seals/2.json");
            if (isSealed) {
                sealed.add(path);
            }
        }
        assertThat(sealed).hasSizeGreaterThan(10);
        return sealed;
    }

    @Test
    void whatWasWrittenIsWhole() throws Exception {
        VerifyReport report = verify();

        assertThat(report.damages()).isEmpty();
        assertThat(report.notes()).isEmpty();
        assertThat(report.seals()).isEqualTo(3);
        assertThat(report.parts()).isEqualTo(3);
        assertThat(report.versions()).isGreaterThanOrEqualTo(2_400);
        assertThat(report.files()).isGreaterThan(10);
    }

    @Test
    void aBitThatTurnedInAnyFileIsFound() throws Exception {
        for (String path : sealed()) {
            Path file = files.resolve(path);
            byte[] before = Files.readAllBytes(file);
            byte[] damaged = before.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            assertThat(verify().isWhole()).as("seed %d: %s", seed, path).isFalse();
            Files.write(file, before);
        }
        assertThat(verify().isWhole()).isTrue();
    }

    @Test
    void aFileThatIsGoneOrShorterIsNamed() throws Exception {
        for (String path : sealed()) {
            Path file = files.resolve(path);
            byte[] before = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(before, random.nextInt(before.length)));
            assertThat(verify().isWhole()).as("seed %d: %s shorter", seed, path).isFalse();
            Files.delete(file);
            assertThat(verify().damages()).as("seed %d: %s gone", seed, path).isNotEmpty();
            Files.write(file, before);
        }
    }

    @Test
    void whatIsNotDamageIsNoted() throws Exception {
        try (RecordingWriter writer =
                RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
            writer.append(new SyntheticCluster(seed + 1, 50, 1_000_000).next());
            writer.synced().join();
            Path stray = files.resolve(ROOT + "versions/data/part=1/stray.parquet");
            Files.createDirectories(stray.getParent());
            Files.write(stray, new byte[] {1});
            VerifyReport report = verify();
            assertThat(report.isWhole()).isTrue();
            assertThat(report.segments()).isEqualTo(1);
            assertThat(report.unsealedChanges()).isEqualTo(1);
            assertThat(report.notes()).anyMatch(note -> note.contains("stray.parquet is in no commit"));
        }
    }
}
