/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.DyingStore;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import dev.traversion.archive.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {

    private static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final Layout LAYOUT = new Layout(CLUSTER);
    private static final int PARTS = 4;

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final SyntheticCluster cluster = new SyntheticCluster(seed, 30, 1_000_000);
    private Path files;

    @BeforeEach
    void record() throws Exception {
        files = directory.resolve("recording");
        for (int session = 0; session < PARTS; session++) {
            append();
        }
    }

    private void append() throws Exception {
        try (RecordingWriter writer = RecordingWriter.open(
                new FileStore(files), CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
            Set<ResourceType> opened = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                dev.traversion.archive.Change change = cluster.next();
                if (opened.add(change.key().type())) {
                    writer.mark(new CoverageMark(
                            change.key().type(), CoverageMark.Kind.OPENED, change.observedAt(), "1", ""));
                }
                writer.append(change);
            }
        }
    }

    private List<PartFile> parts(Path place) throws IOException {
        return new CommitLog(new FileStore(place), LAYOUT, copies(new FileStore(place)))
                .load()
                .parts();
    }

    private LocalCopies copies(Store store) {
        return new LocalCopies(store, directory.resolve("copies"), 1 << 20);
    }

    private Retention retention(Store store) {
        return new Retention(store, LAYOUT, copies(store), directory.resolve("work"), Clock.systemUTC());
    }

    /** What the newest parts need, and a byte less than all. */
    private static Limits newest(List<PartFile> parts, int count) {
        long bytes = parts.subList(parts.size() - count, parts.size()).stream()
                .mapToLong(PartFile::bytes)
                .sum();
        return new Limits(null, bytes, 100);
    }

    private void assertWhole(Path place) throws IOException {
        Store store = new FileStore(place);
        assertThat(new Verification(store, CLUSTER, copies(store), _ -> {})
                        .run()
                        .damages())
                .as("seed %d", seed)
                .isEmpty();
    }

    private List<String> stateAt(Path place, long time) throws IOException {
        List<String> state = new ArrayList<>();
        try (Recording recording = Recording.open(new FileStore(place), CLUSTER, RecordingOptions.defaults())) {
            for (ResourceType type : recording.types(time)) {
                recording.list(type, "", null, time, version -> state.add(text(version)));
            }
        }
        return state;
    }

    private static String text(ObjectVersion version) {
        return version.key() + " " + version.resourceVersion() + " " + Arrays.hashCode(version.body());
    }

    @Test
    void oldestPartsAreForgottenAndAreAGap() throws Exception {
        List<PartFile> before = parts(files);
        long kept = before.get(2).end() - 1;
        List<String> state = stateAt(files, kept);

        Retention.Plan plan = retention(new FileStore(files)).run(newest(before, 2));

        assertThat(plan.parts()).isEqualTo(before.subList(0, 2));
        assertThat(parts(files)).isEqualTo(before.subList(2, PARTS));
        assertThat(files.resolve(before.getFirst().path())).doesNotExist();
        assertThat(stateAt(files, kept)).isEqualTo(state).isNotEmpty();
        assertWhole(files);
        try (Recording recording = Recording.open(new FileStore(files), CLUSTER, RecordingOptions.defaults())) {
            long gone = before.getFirst().end() - 1;
            List<CoverageInterval> gap = recording.coverage(null, gone, gone);
            assertThat(gap)
                    .isNotEmpty()
                    .allMatch(interval ->
                            !interval.observed() && interval.reason().startsWith("forgotten by retention: more than "));
        }
        // Recording goes on, and the chain of seals with it.
        append();
        assertWhole(files);
    }

    @Test
    void aPinnedMomentStays() throws Exception {
        List<PartFile> before = parts(files);
        long pinned = before.get(1).end() - 1;
        List<String> state = stateAt(files, pinned);
        Pins pins = new Pins(new FileStore(files), LAYOUT);
        pins.add(new Pin("outage", pinned, pinned, "", "", false));
        assertThatThrownBy(() -> pins.add(new Pin("outage", 0, 0, "", "", false)))
                .isInstanceOf(TraversionException.class);

        retention(new FileStore(files)).run(new Limits(null, 1, 100));

        assertThat(parts(files)).isEqualTo(List.of(before.get(1), before.getLast()));
        assertThat(stateAt(files, pinned)).isEqualTo(state).isNotEmpty();
        assertWhole(files);
        pins.remove("outage");
        retention(new FileStore(files)).run(new Limits(null, 1, 100));
        assertThat(parts(files)).isEqualTo(List.of(before.getLast()));
        assertWhole(files);
    }

    @Test
    void killedAnywhereTheRecordingIsWholeAndTheNextRunFinishes() throws Exception {
        List<PartFile> before = parts(files);
        Limits limits = newest(before, 2);
        long kept = before.get(2).end() - 1;
        List<String> state = stateAt(files, kept);
        boolean finished = false;
        int operations = 0;
        for (; !finished; operations++) {
            Path place = directory.resolve("killed-" + operations);
            copy(files, place);
            try {
                retention(new DyingStore(new FileStore(place), operations)).run(limits);
                finished = true;
            } catch (DyingStore.Killed e) {
                assertThat(e).isNotNull();
            }
            assertWhole(place);
            assertThat(stateAt(place, kept)).isEqualTo(state);

            retention(new FileStore(place)).run(limits);

            assertWhole(place);
            assertThat(parts(place)).isEqualTo(before.subList(2, PARTS));
            assertThat(stateAt(place, kept)).isEqualTo(state);
            assertThat(place.resolve(before.getFirst().path())).doesNotExist();
        }
        assertThat(operations).isGreaterThan(8);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.createDirectories(to.resolve(from.relativize(each)).getParent());
                if (!Files.isDirectory(each)) {
                    Files.copy(each, to.resolve(from.relativize(each)));
                }
            }
        }
    }
}
