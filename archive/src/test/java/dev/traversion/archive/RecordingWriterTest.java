/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.Seed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingWriterTest {

    private static final String CLUSTER = "11111111-2222-3333-4444-555555555555";
    private static final ResourceType PODS = new ResourceType("", "pods");

    @TempDir
    Path directory;

    @Test
    void whatWasSyncedIsReadWhileItIsBeingRecorded() throws Exception {
        try (Store store = new FileStore(directory);
                RecordingWriter writer = open(store)) {
            writer.mark(new CoverageMark(PODS, CoverageMark.Kind.OPENED, 5, "1", ""));
            writer.append(change("a", 10, 1, Operation.ADDED));
            writer.append(change("a", 11, 2, Operation.MODIFIED));
            writer.append(change("b", 12, 3, Operation.ADDED));
            writer.mark(new CoverageMark(PODS, CoverageMark.Kind.CONFIRMED, 13, "3", ""));
            writer.synced().join();

            RecordingState state = load(store);
            assertThat(state.parts()).isEmpty();
            assertThat(bodies(state, 11)).containsExactly(body("a", 2));
            assertThat(bodies(state, 12)).containsExactly(body("a", 2), body("b", 3));
            assertThat(state.tail().resourceVersion(PODS, 11)).isEqualTo("2");
            assertThat(state.coverage()).singleElement().satisfies(interval -> {
                assertThat(interval.observed()).isTrue();
                assertThat(interval.from()).isEqualTo(5);
            });
        }
    }

    @Test
    void closingSealsTheTailAndOpeningAgainGoesOn() throws Exception {
        try (Store store = new FileStore(directory)) {
            try (RecordingWriter writer = open(store)) {
                writer.append(change("a", 10, 1, Operation.ADDED));
                writer.append(change("b", 12, 3, Operation.ADDED));
            }
            try (RecordingWriter writer = open(store)) {
                writer.append(change("b", 20, 4, Operation.DELETED));
                writer.append(change("c", 21, 5, Operation.ADDED));
            }
            RecordingState state = load(store);
            assertThat(state.parts()).hasSize(2);
            assertThat(state.parts().getLast().rows())
                    .as("two carried, two changes")
                    .isEqualTo(4);
            assertThat(state.end()).isEqualTo(21);
            assertThat(store.list("clusters/" + CLUSTER + "/wal/").stream()
                            .filter(file -> file.path().endsWith(".twal")))
                    .isEmpty();
            assertThat(store.list("clusters/" + CLUSTER + "/seals/")).hasSize(2);
        }
    }

    @Test
    void aGapThatBeginsAtTheVeryEndIsKept() throws Exception {
        try (Store store = new FileStore(directory)) {
            try (RecordingWriter writer = open(store)) {
                writer.mark(new CoverageMark(PODS, CoverageMark.Kind.OPENED, 5, "1", ""));
                writer.append(change("a", 10, 1, Operation.ADDED));
                writer.mark(new CoverageMark(PODS, CoverageMark.Kind.GAP, 11, "", "forbidden"));
            }
            RecordingState state = load(store);
            assertThat(state.parts()).hasSize(1);
            CoverageInterval gap = state.coverage().getLast();
            assertThat(gap.observed()).isFalse();
            assertThat(gap.reason()).isEqualTo("forbidden");
            assertThat(gap.from()).isEqualTo(11);
        }
    }

    @Test
    void aClockThatWasPutBackDoesNotStopSealing() throws Exception {
        try (Store store = new FileStore(directory)) {
            try (RecordingWriter writer = open(store)) {
                writer.append(change("a", 10, 1, Operation.ADDED));
                writer.mark(new CoverageMark(PODS, CoverageMark.Kind.OPENED, 11, "1", ""));
            }
            commitAnHourLater();
            try (RecordingWriter writer = open(store)) {
                writer.append(change("b", 20, 2, Operation.ADDED));
            }
            assertThat(load(store).parts()).hasSize(2);
        }
    }

    /** As if the commits so far had been made by a clock that is an hour ahead. */
    private void commitAnHourLater() throws Exception {
        List<Path> commits;
        try (Stream<Path> files = Files.walk(directory.resolve("clusters"))) {
            commits = files.filter(file -> file.toString().endsWith(".metadata.json"))
                    .toList();
        }
        assertThat(commits).isNotEmpty();
        for (Path commit : commits) {
            String later = Pattern.compile("(-ms\"\\s*:\\s*)(\\d+)")
                    .matcher(Files.readString(commit))
                    .replaceAll(found -> found.group(1) + (Long.parseLong(found.group(2)) + 3_600_000));
            Files.write(commit, StampedJson.stamp(later));
        }
    }

    @Test
    void aSecondRecorderIsRefused() throws Exception {
        try (Store store = new FileStore(directory);
                RecordingWriter writer = open(store)) {
            assertThat(writer.progress().changes()).isZero();
            assertThatThrownBy(() -> open(store))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("Another recorder");
        }
    }

    @Test
    void aNewerFormatIsRefusedInASentence() throws Exception {
        Path marker = directory.resolve("clusters/" + CLUSTER + "/recording.json");
        Files.createDirectories(marker.getParent());
        Files.write(marker, StampedJson.stamp("{\"format\":\"2.0\"}"));
        try (Store store = new FileStore(directory)) {
            assertThatThrownBy(() -> open(store))
                    .isInstanceOf(TraversionException.class)
                    .hasMessageContaining("format 2.0")
                    .hasMessageContaining("Update kubectl-traversion");
        }
    }

    @Test
    void manySmallPartsHoldEveryVersion() throws Exception {
        long seed = Seed.take();
        Random random = new Random(seed);
        int changes = 3_000;
        try (Store store = new FileStore(directory)) {
            WriterOptions options = new WriterOptions(
                    "test",
                    directory.resolve("state"),
                    200,
                    0,
                    100_000,
                    Duration.ofHours(1),
                    256 << 20,
                    1 << 30,
                    Duration.ofSeconds(1),
                    Clock.systemUTC());
            try (RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options)) {
                for (int i = 1; i <= changes; i++) {
                    writer.append(change("p" + random.nextInt(50), i, i, Operation.MODIFIED));
                    if (i % 500 == 0) {
                        awaitPart(writer, i / 500);
                    }
                }
            }
            RecordingState state = load(store);
            assertThat(state.parts()).hasSizeGreaterThanOrEqualTo(changes / 500);
            assertThat(state.end()).isEqualTo(changes);
        }
    }

    private static void awaitPart(RecordingWriter writer, int parts) throws InterruptedException {
        while (writer.progress().sealedParts() < parts) {
            Thread.sleep(20);
        }
    }

    private RecordingWriter open(Store store) throws Exception {
        return RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")));
    }

    private RecordingState load(Store store) throws Exception {
        LocalCopies copies = new LocalCopies(store, directory.resolve("copies"), 1 << 20);
        try (RecordingLog log = new StoreRecordingLog(store, new Layout(CLUSTER), copies, Clock.systemUTC())) {
            return log.load();
        }
    }

    private static List<String> bodies(RecordingState state, long time) throws Exception {
        List<String> bodies = new ArrayList<>();
        try (VersionCursor cursor = state.tail().states(PODS, "", null, time)) {
            while (cursor.next()) {
                bodies.add(new String(cursor.current().body(), StandardCharsets.UTF_8));
            }
        }
        return bodies;
    }

    private static Change change(String name, long time, int version, Operation operation) {
        return new Change(
                new ObjectKey(PODS, "default", name),
                "Pod",
                "uid-" + name,
                Integer.toString(version),
                time,
                operation,
                body(name, version).getBytes(StandardCharsets.UTF_8));
    }

    private static String body(String name, int version) {
        return "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name + "\",\"resourceVersion\":\""
                + version + "\"},\"spec\":{\"containers\":[{\"name\":\"some-container-with-a-long-name\"}]}}";
    }
}
