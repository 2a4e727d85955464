/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Layout;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.compaction.Compaction;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.StoreWrapper;
import dev.traversion.archive.testing.SyntheticCluster;
import dev.traversion.archive.verify.Verification;
import dev.traversion.archive.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairTest {

    private static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final Layout LAYOUT = new Layout(CLUSTER);
    private static final int PARTS = 4;

    /** How many files are damaged, one after the other, of those chosen at random. */
    private static final int FILES = 24;

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final Random random = new Random(seed);
    private final SyntheticCluster cluster = new SyntheticCluster(seed, 30, 1_000_000);
    private Path files;
    private List<PartFile> parts;
    private long lastTime;

    /** Four parts, and a log with some segments that a killed recorder left. */
    @BeforeEach
    void record() throws Exception {
        files = directory.resolve("recording");
        for (int session = 0; session < PARTS; session++) {
            try (RecordingWriter writer = open(files)) {
                append(writer, 150);
            }
        }
        Path living = directory.resolve("living");
        copy(files, living);
        try (RecordingWriter writer = open(living)) {
            for (int i = 0; i < 3; i++) {
                append(writer, 40);
                writer.synced().join();
            }
            Files.createDirectories(files.resolve(LAYOUT.wal()));
            copy(living.resolve(LAYOUT.wal()), files.resolve(LAYOUT.wal()));
        }
        parts = committed(files);
        assertThat(parts).hasSize(PARTS);
        assertWhole(files);
    }

    private RecordingWriter open(Path place) throws IOException {
        return RecordingWriter.open(
                new FileStore(place), CLUSTER, WriterOptions.of("test", directory.resolve("state")));
    }

    private void append(RecordingWriter writer, int changes) throws InterruptedException {
        Set<ResourceType> opened = new HashSet<>();
        for (int i = 0; i < changes; i++) {
            Change change = cluster.next();
            lastTime = change.observedAt();
            if (opened.add(change.key().type())) {
                writer.mark(
                        new CoverageMark(change.key().type(), CoverageMark.Kind.OPENED, change.observedAt(), "1", ""));
            }
            writer.append(change);
        }
    }

    private List<PartFile> committed(Path place) throws IOException {
        Store store = new FileStore(place);
        return new CommitLog(store, LAYOUT, copies(store)).load().parts();
    }

    private LocalCopies copies(Store store) {
        return new LocalCopies(store, directory.resolve("copies"), 1 << 20);
    }

    private Repair repair(Store store) {
        return new Repair(store, CLUSTER, copies(store), directory.resolve("work"), Clock.systemUTC());
    }

    private VerifyReport verify(Path place) throws IOException {
        Store store = new FileStore(place);
        return new Verification(store, CLUSTER, copies(store), _ -> {}).run();
    }

    private void assertWhole(Path place) throws IOException {
        assertThat(verify(place).damages()).as("seed %d", seed).isEmpty();
    }

    private List<String> stateAt(Path place, long time) throws IOException {
        List<String> state = new ArrayList<>();
        try (Recording recording = Recording.open(new FileStore(place), CLUSTER, RecordingOptions.defaults())) {
            for (ResourceType type : recording.types(time)) {
                recording.list(type, "", null, time, version -> {
                    state.add(version.key() + " " + version.resourceVersion() + " " + Arrays.hashCode(version.body()));
                    return true;
                });
            }
        }
        return state;
    }

    private List<CoverageInterval> gapsAt(Path place, long time) throws IOException {
        try (Recording recording = Recording.open(new FileStore(place), CLUSTER, RecordingOptions.defaults())) {
            return recording.coverage(null, time, time).stream()
                    .filter(interval -> !interval.observed())
                    .toList();
        }
    }

    private void assertDamagedAt(Path place, long time) throws IOException {
        try (Recording recording = Recording.open(new FileStore(place), CLUSTER, RecordingOptions.defaults())) {
            for (ResourceType type : recording.types(time)) {
                assertThat(recording.coverage(type, time, time))
                        .as("seed %d, %s", seed, type)
                        .isNotEmpty()
                        .allMatch(interval ->
                                !interval.observed() && interval.reason().startsWith("damaged: "));
            }
            // Without its first part the recording begins just after it.
            assertThat(recording.start()).isLessThanOrEqualTo(time + 1);
            assertThat(recording.end()).isGreaterThanOrEqualTo(time);
        }
    }

    private void damage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (random.nextInt(3)) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            default -> {
                Files.delete(file);
                return;
            }
        }
        Files.write(file, bytes);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                if (!Files.isDirectory(each) && !each.endsWith(".lock")) {
                    Path target = to.resolve(from.relativize(each));
                    Files.createDirectories(target.getParent());
                    Files.copy(each, target);
                }
            }
        }
    }

    /** Recording goes on in what was repaired, and that stays whole. */
    private void assertGoesOn(Path place) throws Exception {
        try (RecordingWriter writer = open(place)) {
            append(writer, 60);
        }
        assertWhole(place);
        assertThat(stateAt(place, lastTime)).isNotEmpty();
    }

    @Test
    void nothingIsDoneToWhatIsWhole() throws Exception {
        List<PartFile> before = committed(files);
        assertThat(repair(new FileStore(files)).run().steps()).isEmpty();
        assertThat(committed(files)).isEqualTo(before);
        assertThat(files.resolve(LAYOUT.root() + "quarantine")).doesNotExist();
    }

    @Test
    void aDamagedPartInTheMiddleBecomesAGapAndHarmsOnlyItself() throws Exception {
        PartFile damaged = parts.get(1);
        long before = parts.get(0).end() - 1;
        long after = parts.get(2).end() - 1;
        List<String> stateBefore = stateAt(files, before);
        List<String> stateAfter = stateAt(files, after);
        damage(files.resolve(damaged.path()));
        // Reads of moments in other parts go on while it is damaged.
        assertThat(stateAt(files, before)).isEqualTo(stateBefore).isNotEmpty();
        assertThat(stateAt(files, after)).isEqualTo(stateAfter).isNotEmpty();

        List<String> planned = repair(new FileStore(files)).plan().steps();
        assertThat(verify(files).isWhole()).isFalse();
        assertThat(repair(new FileStore(files)).run().steps()).isEqualTo(planned);

        assertThat(planned).singleElement().asString().contains(damaged.path());
        VerifyReport report = verify(files);
        assertThat(report.damages()).as("seed %d", seed).isEmpty();
        assertThat(report.notes()).anyMatch(note -> note.contains("Repaired: ") && note.contains(damaged.path()));
        assertThat(committed(files)).isEqualTo(List.of(parts.get(0), parts.get(2), parts.get(3)));
        assertThat(stateAt(files, before)).isEqualTo(stateBefore);
        assertThat(stateAt(files, after)).isEqualTo(stateAfter);
        assertDamagedAt(files, damaged.end() - 1);
        assertThat(gapsAt(files, parts.get(2).end() - 1)).isEmpty();
        assertGoesOn(files);
    }

    @Test
    void aDamagedNewestPartIsAGapUpToTheEndOfTheLog() throws Exception {
        long before = parts.get(2).start() - 1;
        List<String> stateBefore = stateAt(files, before);
        damage(files.resolve(parts.getLast().path()));

        repair(new FileStore(files)).run();

        assertWhole(files);
        assertThat(stateAt(files, before)).isEqualTo(stateBefore).isNotEmpty();
        assertDamagedAt(files, parts.getLast().end() - 1);
        assertDamagedAt(files, lastTime);
        assertGoesOn(files);
    }

    @Test
    void ofADamagedLogWhatComesBeforeIsKept() throws Exception {
        List<Path> segments;
        try (Stream<Path> all = Files.walk(files.resolve(LAYOUT.wal()))) {
            segments = all.filter(path -> path.toString().endsWith(".twal"))
                    .sorted()
                    .toList();
        }
        Path segment = segments.getFirst();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[200 + random.nextInt(bytes.length / 2)] ^= 1;
        Files.write(segment, bytes);
        long before = parts.getLast().end() - 1;
        List<String> state = stateOfParts(before);

        repair(new FileStore(files)).run();

        assertWhole(files);
        assertThat(stateAt(files, before)).isEqualTo(state).isNotEmpty();
        assertDamagedAt(files, committed(files).getLast().end());
        Path kept = files.resolve(LAYOUT.root() + "quarantine/wal/test").resolve(segment.getFileName());
        assertThat(Files.readAllBytes(kept)).isEqualTo(bytes);
        assertGoesOn(files);
    }

    private List<String> stateOfParts(long time) throws IOException {
        Path partsOnly = directory.resolve("parts-only");
        copy(files, partsOnly);
        try (Stream<Path> all = Files.walk(partsOnly.resolve(LAYOUT.wal()))) {
            for (Path path :
                    all.filter(each -> each.toString().endsWith(".twal")).toList()) {
                Files.delete(path);
            }
        }
        return stateAt(partsOnly, time);
    }

    @Test
    void whicheverFileIsDamagedTheRestIsWholeAfterwards() throws Exception {
        List<Path> all;
        try (Stream<Path> found = Files.walk(files)) {
            all = found.filter(Files::isRegularFile)
                    .map(files::relativize)
                    .filter(path -> !path.endsWith("recording.json") && !path.endsWith(".lock"))
                    .filter(path -> !path.toString().contains("/writers/")
                            && !List.of(path.toString().split("/")).contains("work"))
                    .sorted()
                    .collect(Collectors.toCollection(ArrayList::new));
        }
        assertThat(all).hasSizeGreaterThan(30);
        Collections.shuffle(all, random);
        int round = 0;
        for (Path path : all.subList(0, FILES)) {
            Path place = directory.resolve("damaged-" + round++);
            copy(files, place);
            damage(place.resolve(path));
            boolean isFound = !verify(place).isWhole();

            List<String> steps = repair(new FileStore(place)).run().steps();

            assertThat(steps.isEmpty() && isFound).as("seed %d: %s", seed, path).isFalse();
            assertThat(verify(place).damages())
                    .as("seed %d: %s: %s", seed, path, steps)
                    .isEmpty();
            assertThat(repair(new FileStore(place)).run().steps())
                    .as("seed %d: %s, after %s", seed, path, steps)
                    .isEmpty();
            for (PartFile part : parts) {
                // A bit that nothing is read from, such as one of a page's header, only makes it differ from its seal.
                boolean isLost =
                        path.toString().equals(part.path()) && steps.toString().contains("its time becomes a gap");
                long time = part.end() - 1;
                if (isLost) {
                    assertDamagedAt(place, time);
                } else {
                    assertThat(stateAt(place, time))
                            .as("seed %d: %s, at the end of %s", seed, path, part.path())
                            .isEqualTo(stateAt(files, time))
                            .isNotEmpty();
                }
            }
            assertGoesOn(place);
        }
    }

    @Test
    void whatCompactionRemovedStaysRemovedWhereThePackedPartIsNotWhatWasSealed() throws Exception {
        Store store = new FileStore(files);
        new Compaction(store, LAYOUT, copies(store), directory.resolve("work"), Clock.systemUTC())
                .run(Duration.ofMillis(1), _ -> {});
        assertWhole(files);
        PartFile packed = committed(files).stream()
                .filter(part -> part.path().contains("/packed-"))
                .findFirst()
                .orElseThrow();
        changeWhatNothingIsReadFrom(files.resolve(packed.path()));

        List<String> steps = repair(store).run().steps();

        assertThat(steps).singleElement().asString().contains(packed.path()).contains("it is kept");
        assertThat(verify(files).damages()).as("seed %d", seed).isEmpty();
        assertThat(committed(files)).contains(packed);
        assertGoesOn(files);
    }

    /** Such as a bit of a page's header: only the seal tells. */
    private void changeWhatNothingIsReadFrom(Path part) throws IOException {
        byte[] bytes = Files.readAllBytes(part);
        for (int i = 0; i < 2_000; i++) {
            int at = random.nextInt(bytes.length);
            bytes[at] ^= 1;
            Files.write(part, bytes);
            if (repair(new FileStore(files)).plan().steps().toString().contains("it is kept")) {
                return;
            }
            bytes[at] ^= 1;
        }
        throw new AssertionError("seed " + seed + ": every byte of " + part + " is read from");
    }

    @Test
    void killedAnywhereTheNextRunFinishes() throws Exception {
        damage(files.resolve(parts.get(1).path()));
        damage(files.resolve(parts.getLast().path()));
        boolean isFinished = false;
        int operations = 0;
        for (; !isFinished; operations++) {
            Path place = directory.resolve("killed-" + operations);
            copy(files, place);
            try {
                repair(new DyingStore(place, operations)).run();
                isFinished = true;
            } catch (Killed e) {
                assertThat(e).isNotNull();
            }
            repair(new FileStore(place)).run();
            assertWhole(place);
            assertThat(repair(new FileStore(place)).run().steps()).isEmpty();
            assertDamagedAt(place, parts.get(1).end() - 1);
            assertDamagedAt(place, lastTime);
            try (Stream<Path> kept = Files.walk(place.resolve(LAYOUT.root() + "quarantine"))) {
                long expected = Stream.of(parts.get(1), parts.getLast())
                        .filter(part -> Files.exists(files.resolve(part.path())))
                        .count();
                assertThat(kept.filter(path -> path.toString().endsWith(".parquet")))
                        .hasSize((int) expected);
            } catch (java.nio.file.NoSuchFileException e) {
                assertThat(files.resolve(parts.get(1).path())).doesNotExist();
            }
        }
        assertThat(operations).isGreaterThan(5);
    }

    @Test
    void whileARecorderWritesNothingIsTouched() throws Exception {
        try (RecordingWriter writer = open(files)) {
            append(writer, 10);
            damage(files.resolve(parts.get(1).path()));
            assertThatThrownBy(() -> repair(new FileStore(files)).run())
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("Another recorder is writing");
        }
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A store that changes nothing any more after so many creations and deletions. */
    private static final class DyingStore extends StoreWrapper {
        private int left;

        DyingStore(Path place, int left) {
            super(new FileStore(place));
            this.left = left;
        }

        private void live() {
            if (left-- <= 0) {
                throw new Killed();
            }
        }

        @Override
        public void create(String path, byte[] content) throws IOException {
            live();
            super.create(path, content);
        }

        @Override
        public void create(String path, Path content) throws IOException {
            live();
            super.create(path, content);
        }

        @Override
        public void delete(String path) throws IOException {
            live();
            super.delete(path);
        }
    }
}
