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
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
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
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValueErasureTest {

    private static final String CLUSTER = "0b6d0d3e-7d0a-4f5c-9f57-1c1f2a3b4c5d";
    private static final Layout LAYOUT = new Layout(CLUSTER);
    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType EVENTS = new ResourceType("", "events");
    private static final String JANE = "jane.canary@example.com";
    private static final String ENCODED =
            Base64.getEncoder().encodeToString(("mail=" + JANE + "\n").getBytes(StandardCharsets.UTF_8));

    @TempDir
    private Path directory;

    private Path files;
    private final long began = Instant.parse("2026-03-01T08:00:00Z").getEpochSecond();
    private long second = began;
    private long version = 1000;

    /** Three parts; the value in bodies, escaped, in base64, in managedFields, in a name, and carried from part to part. */
    @BeforeEach
    void record() throws Exception {
        files = directory.resolve("recording");
        try (RecordingWriter writer = writer(files)) {
            for (ResourceType type : List.of(CONFIG_MAPS, EVENTS)) {
                writer.mark(new CoverageMark(type, CoverageMark.Kind.OPENED, second * 1_000_000_000L, "1", ""));
            }
            writer.append(object(CONFIG_MAPS, "owners", Operation.ADDED, "owner " + JANE, "manager"));
            writer.append(object(CONFIG_MAPS, "settings", Operation.ADDED, "one", "manager"));
            writer.append(object(CONFIG_MAPS, "of-" + JANE, Operation.ADDED, "hers", "manager"));
        }
        try (RecordingWriter writer = writer(files)) {
            writer.append(object(CONFIG_MAPS, "settings", Operation.MODIFIED, "two", JANE));
            writer.append(object(EVENTS, "event", Operation.ADDED, "{\\\"to\\\":\\\"" + JANE + "\\\"}", "manager"));
            writer.append(object(CONFIG_MAPS, "settings", Operation.MODIFIED, ENCODED, "manager"));
        }
        try (RecordingWriter writer = writer(files)) {
            writer.append(object(CONFIG_MAPS, "settings", Operation.MODIFIED, "three", "manager"));
            writer.append(object(CONFIG_MAPS, "of-" + JANE, Operation.DELETED, "hers", "manager"));
        }
    }

    private RecordingWriter writer(Path place) throws IOException {
        return RecordingWriter.open(
                new FileStore(place), CLUSTER, WriterOptions.of("test", directory.resolve("state")));
    }

    private Change object(ResourceType type, String name, Operation operation, String value, String manager) {
        second++;
        version++;
        String body = "{\"apiVersion\":\"v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"shop\",\"uid\":\"uid-" + name.length()
                + "\",\"creationTimestamp\":\"2026-03-01T08:00:01Z\",\"resourceVersion\":\"" + version
                + "\",\"managedFields\":[{\"manager\":\"" + manager + "\"}]},\"data\":{\"value\":\"" + value + "\"}}";
        return new Change(
                new ObjectKey(type, "shop", name),
                "Thing",
                "uid-" + name.length(),
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

    private void assertGone(Path place) throws Exception {
        StoredText all = StoredText.of(place, CLUSTER);
        for (String text : List.of(JANE, "jane.canary", ENCODED.substring(8, 32))) {
            assertThat(all.filesWith(text)).as(text).isEmpty();
        }
        assertThat(new Verification(new FileStore(place), CLUSTER, copies(new FileStore(place)), _ -> {})
                        .run()
                        .damages())
                .isEmpty();
    }

    /** The managers and bodies of a ConfigMap, one after the other. */
    private static List<String> bodies(Path place, String name) throws IOException {
        List<String> bodies = new ArrayList<>();
        try (Recording recording = Recording.open(new FileStore(place), CLUSTER, RecordingOptions.defaults())) {
            recording.versions(new ObjectKey(CONFIG_MAPS, "shop", name), Long.MIN_VALUE, Long.MAX_VALUE, each -> {
                bodies.add(each.fieldManager() + " " + new String(each.body(), StandardCharsets.UTF_8));
                return true;
            });
        }
        return bodies;
    }

    @Test
    void nothingIsLeftOfTheValueAndTheRestIsWhatItWas() throws Exception {
        assertThat(StoredText.of(files, CLUSTER).filesWith(JANE)).hasSizeGreaterThan(2);
        List<String> before = bodies(files, "settings");
        Erasure erasure = erasure(new FileStore(files));

        Erasure.Outcome planned = erasure.plan(JANE);
        assertThat(StoredText.of(files, CLUSTER).filesWith(JANE))
                .as("a plan erases nothing")
                .hasSizeGreaterThan(2);
        Erasure.Outcome outcome = erasure.run(JANE, "ticket 7", _ -> {});

        assertThat(outcome).isEqualTo(planned);
        assertThat(outcome.objects()).isEqualTo(4);
        assertThat(outcome.versions()).isEqualTo(6);
        assertThat(outcome.whole()).isEqualTo(1);
        assertThat(outcome.parts()).isEqualTo(3);
        assertGone(files);
        Proof proof = Proof.all(new FileStore(files), LAYOUT, copies(new FileStore(files)))
                .getFirst();
        assertThat(proof.reason()).isEqualTo("ticket 7");
        assertThat(proof.subjects()).singleElement().matches(subject -> subject.isOf(JANE));
        String stands = "erased-" + proof.subjects().getFirst().id().substring(0, 8);
        assertThat(bodies(files, "owners")).singleElement().asString().contains("owner " + stands);
        assertThat(bodies(files, "of-" + JANE)).isEmpty();
        List<String> after = bodies(files, "settings");
        assertThat(after).hasSize(4);
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.get(1)).isEqualTo(before.get(1).replace(JANE, stands));
        assertThat(after.get(3)).isEqualTo(before.get(3));
        try (Recording recording = Recording.open(new FileStore(files), CLUSTER, RecordingOptions.defaults())) {
            long time = (began + 3) * 1_000_000_000L;
            assertThat(recording.coverage(CONFIG_MAPS, time, time))
                    .anyMatch(interval -> interval.reason().startsWith(Erasure.VALUE_REASON));
        }
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
        assertGone(files);
    }

    @Test
    void theValueDoesNotComeBack() throws Exception {
        Erasure erasure = erasure(new FileStore(files));
        erasure.run(JANE, "", _ -> {});
        try (RecordingWriter writer = writer(files)) {
            writer.append(object(CONFIG_MAPS, "settings", Operation.MODIFIED, "again " + JANE, "manager"));
            writer.append(object(CONFIG_MAPS, "of-" + JANE, Operation.ADDED, "again", "manager"));
            writer.synced().join();
            // Not even in the log.
            assertGone(files);
        }
        assertGone(files);
        assertThat(bodies(files, "settings").getLast()).contains("again erased-");
        assertThat(erasure.run(JANE, "", _ -> {}).versions()).isZero();
    }

    @Test
    void whatIsInTheLogOfARunningRecorderGoesToo() throws Exception {
        try (RecordingWriter writer = writer(files)) {
            writer.append(object(CONFIG_MAPS, "settings", Operation.MODIFIED, "in the log " + JANE, "manager"));
            writer.synced().join();
            Erasure erasure = erasure(new FileStore(files));
            assertThat(erasure.plan(JANE).inLog()).isTrue();
            assertThat(erasure.run(JANE, "", _ -> {}).inLog()).isFalse();
            assertGone(files);
        }
        assertThat(bodies(files, "settings").getLast()).contains("in the log erased-");
    }

    @Test
    void aLegalHoldForbidsIt() throws Exception {
        Erasure erasure = erasure(new FileStore(files));
        Pins pins = new Pins(new FileStore(files), LAYOUT);
        long time = (began + 3) * 1_000_000_000L;
        pins.add(new Pin("case-7", time, time, "court order", "", true));
        assertThatThrownBy(() -> erasure.run(JANE, "", _ -> {}))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("case-7");
        assertThat(StoredText.of(files, CLUSTER).filesWith(JANE)).isNotEmpty();
        pins.remove("case-7");
        erasure.run(JANE, "", _ -> {});
        assertGone(files);
    }

    @Test
    void aValueThatIdentifiesAnObjectIsRefused() {
        assertThatThrownBy(() -> erasure(new FileStore(files)).run("2026-03-01T08:00:01Z", "", _ -> {}))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("identifies");
        assertThat(files.resolve("clusters/" + CLUSTER + "/erasures")).doesNotExist();
    }

    @Test
    void killedAnywhereTheNextRunFinishes() throws Exception {
        boolean finished = false;
        int operations = 0;
        for (; !finished; operations++) {
            Path place = directory.resolve("killed-" + operations);
            copy(files, place);
            try {
                erasure(new DyingStore(new FileStore(place), operations)).run(JANE, "", _ -> {});
                finished = true;
            } catch (DyingStore.Killed e) {
                assertThat(e).isNotNull();
            }
            erasure(new FileStore(place)).run(JANE, "", _ -> {});
            assertGone(place);
            assertThat(bodies(place, "settings")).hasSize(4);
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
