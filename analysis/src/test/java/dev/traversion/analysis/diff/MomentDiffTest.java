/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.analysis.Scope;
import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MomentDiffTest {

    private static final String CLUSTER = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";
    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "leases");
    private static final Scope ALL = new Scope(Set.of(), "", "");
    private static final long START = 1_770_000_000_000_000_000L;

    @TempDir
    private Path directory;

    private final List<String> seen = new ArrayList<>();
    private MomentDiff diff;

    private interface Story {
        void tell(MomentDiffTest test, RecordingWriter writer) throws Exception;
    }

    private long time = START;
    private long middle;

    private void change(
            RecordingWriter writer, ResourceType type, String path, String uid, Operation operation, int value)
            throws InterruptedException {
        time += 1_000_000_000L;
        String namespace = path.substring(0, path.indexOf('/'));
        String name = path.substring(path.indexOf('/') + 1);
        String version = Long.toString((time - START) / 1_000_000_000L);
        String body = "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"" + namespace + "\",\"uid\":\"" + uid
                + "\",\"resourceVersion\":\"" + version + "\"},\"data\":{\"value\":\"" + value + "\"}}";
        writer.append(new Change(
                new ObjectKey(type, namespace, name),
                "Thing",
                uid,
                version,
                time,
                operation,
                body.getBytes(StandardCharsets.UTF_8)));
    }

    /** Compares the middle of a story with its end. */
    private void compare(Scope scope, Story before, Story after) throws Exception {
        try (Store store = new FileStore(directory.resolve("recording"))) {
            try (RecordingWriter writer =
                    RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
                before.tell(this, writer);
                middle = time;
                after.tell(this, writer);
            }
            try (Recording recording = Recording.open(store, CLUSTER, RecordingOptions.defaults())) {
                diff = MomentDiff.between(recording, middle, time, scope, this::remember);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void remember(ObjectDiff object) {
        seen.add(object.change() + " " + object.key().path()
                + String.join(
                        "",
                        object.fields().stream()
                                .map(field -> " " + field.path())
                                .toList()));
    }

    @Test
    void objectsCameWentChangedAndWereReplaced() throws Exception {
        compare(
                ALL,
                (test, writer) -> {
                    test.change(writer, CONFIG_MAPS, "a/changed", "1", Operation.ADDED, 1);
                    test.change(writer, CONFIG_MAPS, "a/removed", "2", Operation.ADDED, 1);
                    test.change(writer, CONFIG_MAPS, "a/replaced", "3", Operation.ADDED, 1);
                    test.change(writer, CONFIG_MAPS, "a/same", "4", Operation.ADDED, 1);
                },
                (test, writer) -> {
                    test.change(writer, CONFIG_MAPS, "a/changed", "1", Operation.MODIFIED, 2);
                    test.change(writer, CONFIG_MAPS, "a/removed", "2", Operation.DELETED, 1);
                    test.change(writer, CONFIG_MAPS, "a/replaced", "3", Operation.DELETED, 1);
                    test.change(writer, CONFIG_MAPS, "a/replaced", "5", Operation.ADDED, 1);
                    test.change(writer, CONFIG_MAPS, "a/added", "6", Operation.ADDED, 1);
                });

        assertThat(seen)
                .containsExactly(
                        "CHANGED a/changed data.value",
                        "REMOVED a/removed",
                        "REPLACED a/replaced metadata.uid",
                        "ADDED a/added");
        assertThat(diff.counts()).hasSize(4);
    }

    @Test
    void whatCameAndWentInBetweenOrIsAsItWasIsNoDifference() throws Exception {
        compare(
                ALL,
                (test, writer) -> test.change(writer, CONFIG_MAPS, "a/back", "1", Operation.ADDED, 1),
                (test, writer) -> {
                    test.change(writer, CONFIG_MAPS, "a/back", "1", Operation.MODIFIED, 2);
                    test.change(writer, CONFIG_MAPS, "a/back", "1", Operation.MODIFIED, 1);
                    test.change(writer, CONFIG_MAPS, "a/short", "2", Operation.ADDED, 1);
                    test.change(writer, CONFIG_MAPS, "a/short", "2", Operation.DELETED, 1);
                });

        assertThat(seen).isEmpty();
        assertThat(diff.isEmpty()).isTrue();
        assertThat(diff.foldedFields()).as("the resourceVersion").isEqualTo(1);
    }

    @Test
    void leasesAreCountedUnlessAskedForByName() throws Exception {
        Story before = (test, writer) -> test.change(writer, LEASES, "a/lease", "1", Operation.ADDED, 1);
        Story after = (test, writer) -> test.change(writer, LEASES, "a/lease", "1", Operation.MODIFIED, 2);
        compare(ALL, before, after);

        assertThat(seen).isEmpty();
        assertThat(diff.foldedObjects()).containsEntry(LEASES, 1);

        directory = directory.resolve("again");
        compare(new Scope(Set.of(LEASES), "", ""), before, after);
        assertThat(seen).containsExactly("CHANGED a/lease data.value");
    }

    @Test
    void onlyTheNamespaceAndTheNameThatWereAskedFor() throws Exception {
        compare(new Scope(Set.of(CONFIG_MAPS), "a", "x"), (test, writer) -> {}, (test, writer) -> {
            test.change(writer, CONFIG_MAPS, "b/x", "1", Operation.ADDED, 1);
            test.change(writer, CONFIG_MAPS, "a/x", "2", Operation.ADDED, 1);
            test.change(writer, CONFIG_MAPS, "a/y", "3", Operation.ADDED, 1);
        });

        assertThat(seen).containsExactly("ADDED a/x");
    }
}
