/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.retention.Limits;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.retention.Retention;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.NewPart;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.Answers;
import dev.traversion.archive.testing.DyingStore;
import dev.traversion.archive.testing.RandomRecording;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {

    private static final String CLUSTER = RandomRecording.CLUSTER;
    private static final Layout LAYOUT = new Layout(CLUSTER);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path directory;

    private final long seed = Seed.take();
    private final Random random = new Random(seed);
    private Path files;
    private RandomRecording recorder;
    private int sessions;

    @BeforeEach
    void record() throws Exception {
        files = directory.resolve("recording");
        recorder = new RandomRecording(files, directory.resolve("state"), seed);
        sessions = 3 + random.nextInt(4);
        for (int session = 0; session < sessions; session++) {
            recorder.session(30 + random.nextInt(200));
        }
    }

    private LocalCopies copies(Store store) {
        return new LocalCopies(store, directory.resolve("copies"), 1 << 20);
    }

    private Compaction compaction(Store store) {
        return new Compaction(store, LAYOUT, copies(store), directory.resolve("work"), Clock.systemUTC());
    }

    private List<PartFile> parts(Path place) throws IOException {
        Store store = new FileStore(place);
        return new CommitLog(store, LAYOUT, copies(store)).load().parts();
    }

    private static Recording open(Path place) throws IOException {
        return Recording.open(new FileStore(place), CLUSTER, RecordingOptions.defaults());
    }

    private void assertWhole(Path place) throws IOException {
        Store store = new FileStore(place);
        assertThat(new Verification(store, CLUSTER, copies(store), _ -> {})
                        .run()
                        .damages())
                .as("seed %d", seed)
                .isEmpty();
    }

    private List<String> answers(Path place, List<Long> times) throws IOException {
        try (Recording recording = open(place)) {
            List<String> answers = new ArrayList<>(Answers.ofAllTime(recording));
            for (long time : times) {
                answers.addAll(Answers.at(recording, time));
            }
            return answers;
        }
    }

    private List<Long> someTimes(Path place) throws IOException {
        List<Long> times = new ArrayList<>();
        try (Recording recording = open(place)) {
            List<Long> all = Answers.times(recording);
            for (int i = 0; i < 12; i++) {
                times.add(all.get(random.nextInt(all.size())) - random.nextInt(2));
            }
        }
        for (PartFile part : parts(place)) {
            times.add(part.start());
            times.add(part.end());
            times.add(part.end() - random.nextInt(20_000_000));
        }
        return times;
    }

    /** Each change with the fields that changed, by another reader. */
    private List<String> changes(Path place) throws SQLException {
        List<String> changes = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT concat_ws('|', resource, namespace, name, resource_version, operation, field_manager,
                                         changed_paths, md5(body), md5(managed_fields), managed_fields_at)
                        FROM read_parquet('%s/clusters/*/versions/data/*/*.parquet') WHERE NOT carry ORDER BY ALL
                        """.formatted(place))) {
            while (rows.next()) {
                changes.add(rows.getString(1));
            }
        }
        return changes;
    }

    @RepeatedTest(5)
    void everyAnswerStaysWhatItWas() throws Exception {
        List<Long> times = someTimes(files);
        List<String> before = answers(files, times);
        List<String> rows = changes(files);
        List<PartFile> parts = parts(files);

        Compaction.Outcome outcome = compaction(new FileStore(files)).run(DAY, _ -> {});

        assertThat(outcome.keptApart()).isEmpty();
        assertThat(outcome.before()).isEqualTo(parts.subList(0, sessions - 1));
        assertThat(parts(files)).as("seed %d", seed).hasSize(2).contains(parts.getLast());
        assertThat(NewPart.isPacked(parts(files).getFirst())).isTrue();
        assertThat(answers(files, times)).as("seed %d", seed).isEqualTo(before);
        assertThat(changes(files)).as("seed %d", seed).isEqualTo(rows);
        outcome.before().forEach(part -> assertThat(files.resolve(part.path())).doesNotExist());
        assertWhole(files);
        assertThat(compaction(new FileStore(files)).run(DAY, _ -> {}).groups()).isZero();
        recorder.session(100);
        assertWhole(files);
    }

    @Test
    void killedAnywhereNothingChangesAndTheNextRunFinishes() throws Exception {
        List<Long> times = someTimes(files);
        List<String> before = answers(files, times);
        boolean finished = false;
        int operations = 0;
        for (; !finished; operations++) {
            Path place = directory.resolve("killed-" + operations);
            copy(files, place);
            try {
                compaction(new DyingStore(new FileStore(place), operations)).run(DAY, _ -> {});
                finished = true;
            } catch (DyingStore.Killed e) {
                assertThat(e).isNotNull();
            }
            assertWhole(place);
            assertThat(answers(place, times))
                    .as("seed %d, %d", seed, operations)
                    .isEqualTo(before);

            // Somebody else commits before the next run.
            if (operations % 2 == 0) {
                recorder.session(place, 20);
            }
            compaction(new FileStore(place)).run(DAY, _ -> {});

            assertWhole(place);
            assertNoLeftovers(place);
            if (operations % 2 == 1) {
                assertThat(answers(place, times))
                        .as("seed %d, %d", seed, operations)
                        .isEqualTo(before);
            }
        }
        assertThat(operations).isGreaterThan(6 + sessions);
    }

    private void assertNoLeftovers(Path place) throws IOException {
        List<String> named = parts(place).stream().map(PartFile::path).sorted().toList();
        assertThat(new FileStore(place).list(LAYOUT.versions() + "/data/"))
                .as("seed %d", seed)
                .extracting(file -> file.path())
                .isEqualTo(named);
    }

    @Test
    void whatIsRecordedMeanwhileIsKept() throws Exception {
        int[] recorded = {0};
        List<String> before = answers(files, List.of());
        Store racing = new DyingStore(new FileStore(files), Integer.MAX_VALUE) {
            @Override
            public void create(String path, Path content) throws IOException {
                if (recorded[0]++ == 0) {
                    try {
                        recorder.session(40);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                super.create(path, content);
            }
        };
        compaction(racing).run(DAY, _ -> {});

        assertThat(recorded[0]).isGreaterThan(1);
        assertThat(answers(files, List.of())).as("seed %d", seed).hasSizeGreaterThan(before.size());
        assertNoLeftovers(files);
        assertWhole(files);
    }

    @Test
    void readersOfTheOldPartsGoOn() throws Exception {
        List<Long> times = someTimes(files);
        List<String> before = answers(files, times);
        try (Recording opened = open(files)) {
            compaction(new FileStore(files)).run(DAY, _ -> {});
            List<String> answers = new ArrayList<>(Answers.ofAllTime(opened));
            for (long time : times) {
                answers.addAll(Answers.at(opened, time));
            }
            assertThat(answers).as("seed %d", seed).isEqualTo(before);
        }
    }

    @Test
    void aReaderHalfwayGoesOn() throws Exception {
        try (Recording opened = open(files)) {
            ResourceType type = new ResourceType("coordination.k8s.io", "leases");
            List<String> expected = new ArrayList<>();
            try (Recording other = open(files)) {
                other.changes(
                        type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> expected.add(version.resourceVersion()));
            }
            List<String> seen = new ArrayList<>();
            opened.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                if (seen.isEmpty()) {
                    compaction(new FileStore(files)).run(DAY, _ -> {});
                }
                return seen.add(version.resourceVersion());
            });
            assertThat(seen).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void whereAPartWasForgottenNothingIsJoined() throws Exception {
        List<PartFile> parts = parts(files);
        Store store = new FileStore(files);
        PartFile pinned = parts.getFirst();
        new Pins(store, LAYOUT).add(new Pin("first", pinned.start(), pinned.start(), "", "", false));
        long rest =
                parts.subList(2, sessions).stream().mapToLong(PartFile::bytes).sum();
        new Retention(store, LAYOUT, copies(store), directory.resolve("work"), Clock.systemUTC())
                .run(new Limits(null, rest + pinned.bytes(), 100));
        List<PartFile> kept = parts(files);
        assertThat(kept.getFirst()).isEqualTo(pinned);
        List<Long> times = someTimes(files);
        List<String> before = answers(files, times);

        compaction(store).run(DAY, _ -> {});

        assertThat(answers(files, times)).as("seed %d", seed).isEqualTo(before);
        assertThat(parts(files).getFirst().end()).isEqualTo(pinned.end());
        assertWhole(files);
    }

    @Test
    void aRecorderGoesOnWhileItsPartsArePacked() throws Exception {
        try (RecordingWriter writer = RecordingWriter.open(
                new FileStore(files), CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
            recorder.write(writer, 100);
            compaction(new FileStore(files)).run(DAY, _ -> {});
            recorder.write(writer, 100);
        }
        assertThat(parts(files)).hasSize(3);
        assertWhole(files);
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
