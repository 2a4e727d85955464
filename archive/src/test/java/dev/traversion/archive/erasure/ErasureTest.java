/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.compaction.Compaction;
import dev.traversion.archive.denial.Lifetime;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.Answers;
import dev.traversion.archive.testing.DyingStore;
import dev.traversion.archive.verify.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureTest {

    private static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final Layout LAYOUT = new Layout(CLUSTER);
    private static final ResourceType NAMESPACES = new ResourceType("", "namespaces");
    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType EVENTS = new ResourceType("", "events");
    private static final String CANARY = "canary";
    private static final String FIRST = "first-lifetime";
    private static final String SECOND = "second-lifetime";

    @TempDir
    private Path directory;

    private Path files;
    private long second = Instant.parse("2026-03-01T08:00:00Z").getEpochSecond();
    private long version = 1000;
    private String firstCreated;
    private String secondCreated;

    /** Two lifetimes of a namespace and another one, over four parts. */
    @BeforeEach
    void record() throws Exception {
        files = directory.resolve("recording");
        firstCreated = now();
        try (RecordingWriter writer = writer()) {
            for (ResourceType type : List.of(NAMESPACES, CONFIG_MAPS, EVENTS)) {
                writer.mark(new CoverageMark(type, CoverageMark.Kind.OPENED, second * 1_000_000_000L, "1", ""));
            }
            writer.append(namespace("canary-shop", FIRST, Operation.ADDED, firstCreated));
            writer.append(namespace("other", "uid-other", Operation.ADDED, now()));
            writer.append(
                    object(CONFIG_MAPS, "canary-shop", "canary-settings", "1", Operation.ADDED, now(), "canary-1"));
            writer.append(object(CONFIG_MAPS, "other", "settings", "2", Operation.ADDED, now(), "one"));
        }
        try (RecordingWriter writer = writer()) {
            writer.append(object(
                    CONFIG_MAPS, "canary-shop", "canary-settings", "1", Operation.MODIFIED, firstCreated, "canary-2"));
            writer.append(object(EVENTS, "canary-shop", "canary-event", "3", Operation.ADDED, now(), "canary-3"));
            writer.append(object(CONFIG_MAPS, "other", "settings", "2", Operation.MODIFIED, firstCreated, "two"));
        }
        try (RecordingWriter writer = writer()) {
            writer.append(object(
                    CONFIG_MAPS, "canary-shop", "canary-settings", "1", Operation.DELETED, firstCreated, "canary-2"));
            writer.append(namespace("canary-shop", FIRST, Operation.DELETED, firstCreated));
            secondCreated = now();
            // Another watch was faster.
            writer.append(object(CONFIG_MAPS, "canary-shop", "settings", "4", Operation.ADDED, secondCreated, "new"));
            writer.append(namespace("canary-shop", SECOND, Operation.ADDED, secondCreated));
        }
        try (RecordingWriter writer = writer()) {
            writer.append(object(EVENTS, "canary-shop", "event", "5", Operation.ADDED, now(), "newer"));
            writer.append(object(CONFIG_MAPS, "other", "settings", "2", Operation.MODIFIED, firstCreated, "three"));
        }
    }

    private RecordingWriter writer() throws IOException {
        return RecordingWriter.open(
                new FileStore(files), CLUSTER, WriterOptions.of("test", directory.resolve("state")));
    }

    private String now() {
        return Instant.ofEpochSecond(second).toString();
    }

    private Change namespace(String name, String uid, Operation operation, String created) {
        return object(NAMESPACES, "", name, uid, operation, created, "");
    }

    private Change object(
            ResourceType type,
            String namespace,
            String name,
            String uid,
            Operation operation,
            String created,
            String value) {
        second++;
        version++;
        String body = "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"" + namespace + "\",\"uid\":\"" + uid
                + "\",\"creationTimestamp\":\"" + created + "\",\"resourceVersion\":\"" + version
                + "\",\"managedFields\":[{\"manager\":\"canary-manager-" + (namespace.isEmpty() ? "" : uid)
                + "\"}]},\"data\":{\"value\":\"" + value + "\"}}";
        return new Change(
                new ObjectKey(type, namespace, name),
                type.resource(),
                uid,
                Long.toString(version),
                second * 1_000_000_000L,
                operation,
                body.getBytes(StandardCharsets.UTF_8));
    }

    private LocalCopies copies(Store store) {
        return new LocalCopies(store, directory.resolve("copies"), 1 << 20);
    }

    private Erasure erasure(Store store) {
        return new Erasure(
                store,
                LAYOUT,
                copies(store),
                directory.resolve("work"),
                WriterOptions.of("erasure", directory.resolve("state")),
                Clock.systemUTC());
    }

    private static Lifetime lifetime(Erasure erasure, String uid) throws IOException {
        return erasure.lifetimes("canary-shop").stream()
                .filter(lifetime -> lifetime.uid().equals(uid))
                .findFirst()
                .orElseThrow();
    }

    private void assertWhole(Path place) throws IOException {
        Store store = new FileStore(place);
        assertThat(new Verification(store, CLUSTER, copies(store), _ -> {})
                        .run()
                        .damages())
                .isEmpty();
    }

    private static Recording open(Path place) throws IOException {
        return Recording.open(new FileStore(place), CLUSTER, RecordingOptions.defaults());
    }

    /** Everything but coverage and what is of the first lifetime. */
    private List<String> others(Path place) throws IOException {
        try (Recording recording = open(place)) {
            List<String> answers = new ArrayList<>(Answers.ofAllTime(recording));
            for (long time : List.of(recording.start() + 6_500_000_000L, recording.end())) {
                answers.addAll(Answers.at(recording, time));
            }
            answers.removeIf(answer -> answer.contains("/canary-")
                    || answer.contains(FIRST)
                    || answer.startsWith("CoverageInterval")
                    || answer.contains(" was until ")
                    || answer.contains(" is at ")
                    || answer.contains(" ends "));
            return answers;
        }
    }

    private void assertErased(Path place) throws Exception {
        StoredText all = StoredText.of(place, CLUSTER);
        for (String text :
                List.of("canary-settings", "canary-event", "canary-1", "canary-2", "canary-3", "canary-manager-1")) {
            assertThat(all.filesWith(text)).as(text).isEmpty();
        }
    }

    private static List<String> filesWith(String text, Path place) throws Exception {
        return StoredText.of(place, CLUSTER).filesWith(text);
    }

    @Test
    void nothingIsLeftOfTheLifetimeAndTheRestIsWhatItWas() throws Exception {
        assertThat(filesWith("canary-settings", files)).hasSizeGreaterThan(2);
        List<String> before = others(files);
        Erasure erasure = erasure(new FileStore(files));
        assertThat(erasure.lifetimes("canary-shop")).extracting(Lifetime::uid).containsExactly(FIRST, SECOND);

        Erasure.Outcome planned = erasure.plan(lifetime(erasure, FIRST));
        Erasure.Outcome outcome = erasure.run(lifetime(erasure, FIRST), "asked by its owner", _ -> {});

        assertThat(outcome).isEqualTo(planned);
        assertThat(outcome.objects()).isEqualTo(3);
        assertThat(outcome.versions()).isEqualTo(6);
        assertThat(outcome.parts()).isEqualTo(4);
        assertErased(files);
        assertThat(others(files)).isEqualTo(before).isNotEmpty();
        assertWhole(files);
        assertThat(erasure.isUnfinished()).isFalse();
        try (Recording recording = open(files)) {
            assertThat(recording.coverage(
                            CONFIG_MAPS, recording.start() + 2_500_000_000L, recording.start() + 2_500_000_000L))
                    .anyMatch(interval -> interval.reason().startsWith(Erasure.REASON));
            assertThat(recording.coverage(CONFIG_MAPS, recording.end(), recording.end()))
                    .noneMatch(interval -> interval.reason().startsWith(Erasure.REASON));
        }
        assertThat(filesWith("asked by its owner", files))
                .singleElement()
                .asString()
                .contains("proofs");
        // The parts still follow each other.
        assertThat(new Compaction(
                                new FileStore(files),
                                LAYOUT,
                                copies(new FileStore(files)),
                                directory.resolve("work"),
                                Clock.systemUTC())
                        .run(Duration.ofDays(1), _ -> {})
                        .keptApart())
                .isEmpty();
        assertThat(others(files)).isEqualTo(before);
        assertWhole(files);
    }

    @Test
    void whatArrivesLateIsDropped() throws Exception {
        Erasure erasure = erasure(new FileStore(files));
        erasure.run(lifetime(erasure, FIRST), "", _ -> {});

        try (RecordingWriter writer = writer()) {
            writer.append(
                    object(EVENTS, "canary-shop", "canary-event", "3", Operation.DELETED, firstCreated, "canary-3"));
            writer.append(object(EVENTS, "canary-shop", "event-2", "6", Operation.ADDED, now(), "late, but new"));
        }

        assertErased(files);
        assertThat(filesWith("late, but new", files)).isNotEmpty();
        assertWhole(files);
    }

    @Test
    void aLivingNamespaceIsErasedUntilAnotherOneOfItsName() throws Exception {
        Erasure erasure = erasure(new FileStore(files));
        erasure.run(lifetime(erasure, SECOND), "", _ -> {});
        try (RecordingWriter writer = writer()) {
            writer.append(object(EVENTS, "canary-shop", "event-2", "6", Operation.ADDED, now(), "still the second"));
        }
        assertThat(filesWith("still the second", files)).isEmpty();
        assertThat(filesWith("newer", files)).isEmpty();
        assertThat(filesWith("canary-1", files)).isNotEmpty();

        String created = now();
        try (RecordingWriter writer = writer()) {
            writer.append(namespace("canary-shop", "third", Operation.ADDED, created));
            writer.append(object(EVENTS, "canary-shop", "event-3", "7", Operation.ADDED, created, "of the third"));
            writer.append(namespace("canary-shop", "third", Operation.DELETED, created));
        }
        try (RecordingWriter writer = writer()) {
            writer.append(
                    object(EVENTS, "canary-shop", "event-3", "7", Operation.DELETED, created, "the end of the third"));
        }
        assertThat(filesWith("of the third", files)).hasSizeGreaterThan(1);
        assertThat(filesWith("the end of the third", files)).isNotEmpty();
        assertWhole(files);
    }

    @Test
    void whatIsInTheLogOfARunningRecorderGoesToo() throws Exception {
        try (RecordingWriter writer = writer()) {
            writer.append(
                    object(EVENTS, "canary-shop", "canary-late", "3", Operation.MODIFIED, firstCreated, "canary-3"));
            writer.synced().join();
            Erasure erasure = erasure(new FileStore(files));

            Erasure.Outcome outcome = erasure.run(lifetime(erasure, FIRST), "", _ -> {});

            assertThat(outcome.inLog()).isFalse();
            assertErased(files);
            writer.append(object(CONFIG_MAPS, "other", "settings", "2", Operation.MODIFIED, firstCreated, "goes on"));
        }
        assertThat(filesWith("goes on", files)).isNotEmpty();
        assertWhole(files);
    }

    @Test
    void whatACrashLeftInTheLogGoesToo() throws Exception {
        Path crashed = directory.resolve("crashed");
        try (RecordingWriter writer = writer()) {
            writer.append(
                    object(EVENTS, "canary-shop", "canary-late", "3", Operation.MODIFIED, firstCreated, "canary-3"));
            writer.synced().join();
            copy(files, crashed);
        }
        assertThat(filesWith("canary-late", crashed)).isNotEmpty();
        Erasure erasure = erasure(new FileStore(crashed));
        assertThat(erasure.run(lifetime(erasure, FIRST), "", _ -> {}).inLog()).isFalse();
        assertErased(crashed);
        assertThat(filesWith("canary-late", crashed)).isEmpty();
        assertWhole(crashed);
    }

    @Test
    void aLegalHoldForbidsIt() throws Exception {
        Erasure erasure = erasure(new FileStore(files));
        Lifetime first = lifetime(erasure, FIRST);
        Pins pins = new Pins(new FileStore(files), LAYOUT);
        pins.add(new Pin("case-7", first.seenFrom() + 1, first.seenFrom() + 1, "court order", "", true));

        assertThatThrownBy(() -> erasure.run(first, "", _ -> {}))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("case-7")
                .hasMessageContaining("court order");

        assertThat(filesWith(CANARY, files)).isNotEmpty();
        // It was not there then.
        erasure.run(lifetime(erasure, SECOND), "", _ -> {});
        pins.remove("case-7");
        erasure.run(first, "", _ -> {});
        assertErased(files);
    }

    @Test
    void killedAnywhereTheNextRunFinishes() throws Exception {
        List<String> before = others(files);
        boolean finished = false;
        int operations = 0;
        for (; !finished; operations++) {
            Path place = directory.resolve("killed-" + operations);
            copy(files, place);
            try {
                Erasure dying = erasure(new DyingStore(new FileStore(place), operations));
                dying.run(lifetime(dying, FIRST), "", _ -> {});
                finished = true;
            } catch (DyingStore.Killed e) {
                assertThat(e).isNotNull();
            }
            assertWhole(place);
            assertThat(others(place)).as("after %d", operations).isEqualTo(before);

            Erasure next = erasure(new FileStore(place));
            if (operations == 0) {
                next.run(lifetime(next, FIRST), "", _ -> {});
            } else {
                next.complete("", _ -> {});
            }

            assertErased(place);
            assertWhole(place);
            assertThat(next.isUnfinished()).isFalse();
            assertThat(others(place)).isEqualTo(before);
        }
        assertThat(operations).isGreaterThan(12);
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
