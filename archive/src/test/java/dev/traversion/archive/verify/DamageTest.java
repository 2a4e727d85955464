/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.testing.ForgedPage;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SmallRecording;
import dev.traversion.archive.testing.WholeAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * G6: whatever byte of whatever file turns, and wherever a file is cut off, reading gives the same answer or an error that names the
 * file, and verification finds it. {@code -Dtraversion.damages=all} tries every byte and every length; else a number of them that the
 * seed chooses.
 */
class DamageTest {

    private static final String DAMAGES = System.getProperty("traversion.damages", "400");
    private static final long SEED = Seed.take();

    @TempDir
    private static Path directory;

    private static Path files;
    private static String expected;
    private final Random random = new Random(SEED);

    @BeforeAll
    static void record() throws Exception {
        files = directory.resolve("recording");
        SmallRecording.write(files, directory, SEED);
        expected = read();
        VerifyReport whole = verify();
        assertThat(whole.damages()).isEmpty();
        assertThat(whole.segments()).isEqualTo(1);
        assertThat(paths())
                .anyMatch(path -> path.contains("/removals/"))
                .anyMatch(path -> path.contains("/pins/"))
                .anyMatch(path -> path.endsWith(".twal"))
                .anyMatch(path -> path.endsWith(".avro"));
    }

    private static List<String> paths() throws IOException {
        try (Store store = new FileStore(files)) {
            return store.list("").stream()
                    .map(StoredFile::path)
                    // Who wrote, and room that is kept: nobody reads what is in them.
                    .filter(path ->
                            !path.contains("/writers/") && !path.endsWith("/.lock") && !path.endsWith("/reserved"))
                    .toList();
        }
    }

    private static String read() throws IOException {
        try (Store store = new FileStore(files)) {
            return WholeAnswer.of(store, SmallRecording.CLUSTER, directory.resolve("parts"));
        }
    }

    private static VerifyReport verify() throws IOException {
        try (Store store = new FileStore(files)) {
            LocalCopies copies = new LocalCopies(store, directory.resolve("copies"), 1 << 20);
            return new Verification(store, SmallRecording.CLUSTER, copies, _ -> {}).run();
        }
    }

    @Test
    void aByteThatTurnedIsFound() throws Exception {
        for (String path : paths()) {
            byte[] before = Files.readAllBytes(files.resolve(path));
            for (int at : chosen(before.length)) {
                byte[] turned = before.clone();
                turned[at] ^= (byte) (1 + random.nextInt(255));
                damage(path, before, turned, "byte " + at);
            }
        }
    }

    @Test
    void aFileThatIsCutOffIsFound() throws Exception {
        for (String path : paths()) {
            byte[] before = Files.readAllBytes(files.resolve(path));
            for (int length : chosen(before.length)) {
                damage(path, before, Arrays.copyOf(before, length), "cut off at " + length);
            }
        }
    }

    private int[] chosen(int length) throws IOException {
        if (DAMAGES.equals("all")) {
            return random.ints(0, length).distinct().limit(length).toArray();
        }
        int perFile = Math.max(4, Integer.parseInt(DAMAGES) / paths().size());
        return random.ints(0, length)
                .distinct()
                .limit(Math.min(perFile, length))
                .toArray();
    }

    private static void damage(String path, byte[] before, byte[] after, String what) throws IOException {
        Path file = files.resolve(path);
        String name = file.getFileName().toString();
        String which = "seed " + SEED + ": " + path + ", " + what;
        Files.write(file, after);
        try {
            String answer = null;
            try {
                answer = read();
            } catch (TraversionException | IOException | UncheckedIOException e) {
                assertThat(e.getMessage()).as(which).contains(name);
            }
            VerifyReport report = verify();
            if (isOpenSegment(path)) {
                // Its end looks like a write that a crash broke off: then what is left is a part of the same.
                if (answer != null) {
                    assertThat(lines(expected)).as(which).containsAll(lines(answer));
                }
                return;
            }
            if (answer != null) {
                assertThat(answer).as(which).isEqualTo(expected);
            }
            assertThat(report.damages()).as(which).anyMatch(damage -> damage.contains(name));
        } finally {
            Files.write(file, before);
        }
    }

    private static boolean isOpenSegment(String path) throws IOException {
        List<String> segments =
                paths().stream().filter(each -> each.endsWith(".twal")).toList();
        return path.equals(segments.getLast());
    }

    /** Versions, without the time up to which they were valid. */
    private static Set<String> lines(String answer) {
        return answer.lines()
                .filter(line -> line.contains("ADDED") || line.contains("MODIFIED"))
                .map(line -> line.replaceAll("\\.\\.\\d+", ""))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** The seals are there for this: every checksum is right, and yet it is not what was written. */
    @Test
    void aForgedCommitIsReadAndOnlyItsSealTells() throws Exception {
        String path = paths().stream()
                .filter(each -> each.matches(".*/versions/metadata/v\\d+\\.metadata\\.json"))
                .reduce((_, last) -> last)
                .orElseThrow();
        Path file = files.resolve(path);
        byte[] before = Files.readAllBytes(file);
        String forged = new String(before, StandardCharsets.UTF_8)
                .replaceFirst("\"last-updated-ms\":1", "\"last-updated-ms\":2");
        try {
            Files.write(file, StampedJson.stamp(forged));
            assertThat(Files.readAllBytes(file)).isNotEqualTo(before);
            assertThat(read()).isEqualTo(expected);
            assertThat(verify().damages()).anyMatch(damage -> damage.contains(path) && damage.contains("sealed"));
        } finally {
            Files.write(file, before);
        }
    }

    @Test
    void aForgedBodyIsReadAndOnlyItsSealTells() throws Exception {
        String path = paths().stream()
                .filter(each -> each.contains("/versions/data/"))
                .reduce((_, last) -> last)
                .orElseThrow();
        Path file = files.resolve(path);
        byte[] before = Files.readAllBytes(file);
        try {
            byte[] forged = ForgedPage.of(before, "body", candidate -> isReadAsSomethingElse(file, candidate));
            Files.write(file, forged);
            assertThat(verify().damages()).anyMatch(damage -> damage.contains(path) && damage.contains("sealed"));
        } finally {
            Files.write(file, before);
        }
    }

    private static boolean isReadAsSomethingElse(Path file, byte[] content) {
        try {
            Files.write(file, content);
            return !read().equals(expected);
        } catch (TraversionException _) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
