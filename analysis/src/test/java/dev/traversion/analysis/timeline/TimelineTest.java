/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.analysis.Scope;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineTest {

    private static final String CLUSTER = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType EVENTS = new ResourceType("", "events");
    private static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "leases");
    private static final Scope ALL = new Scope(Set.of(), "", "");
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_770_000_000L * SECOND;

    private Store store;
    private Recording recording;

    @BeforeEach
    void record(@TempDir Path directory) throws Exception {
        store = new FileStore(directory.resolve("recording"));
        try (RecordingWriter writer =
                RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")))) {
            add(writer, -10, PODS, "Pod", "old", Operation.ADDED, "\"spec\":{}");
            for (ResourceType type : List.of(PODS, EVENTS, LEASES)) {
                writer.mark(new CoverageMark(type, CoverageMark.Kind.OPENED, START, "1", ""));
            }
            add(writer, 10, PODS, "Pod", "web", Operation.ADDED, "\"spec\":{\"image\":\"web:1\"}");
            add(writer, 20, LEASES, "Lease", "lease", Operation.ADDED, "\"spec\":{\"holder\":\"1\"}");
            add(
                    writer,
                    30,
                    PODS,
                    "Pod",
                    "web",
                    Operation.MODIFIED,
                    "\"spec\":{\"image\":\"web:2\"},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"Crash\"}]}");
            add(
                    writer,
                    40,
                    EVENTS,
                    "Event",
                    "web.1",
                    Operation.ADDED,
                    "\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"web\"},\"type\":\"Warning\",\"reason\":\"BackOff\",\"message\":\"again\",\"source\":{\"component\":\"kubelet\"}");
            add(
                    writer,
                    50,
                    PODS,
                    "Pod",
                    "web",
                    Operation.MODIFIED,
                    "\"spec\":{\"image\":\"web:2\"},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}");
            add(writer, 60, PODS, "Pod", "web", Operation.DELETED, "\"spec\":{}");
            writer.mark(new CoverageMark(
                    PODS, CoverageMark.Kind.CLOSED, START + 70 * SECOND, "9", "the API server was down"));
            writer.mark(new CoverageMark(PODS, CoverageMark.Kind.OPENED, START + 90 * SECOND, "9", ""));
            for (ResourceType type : List.of(PODS, EVENTS, LEASES)) {
                writer.mark(new CoverageMark(type, CoverageMark.Kind.CONFIRMED, START + 100 * SECOND, "10", ""));
            }
        }
        recording = Recording.open(store, CLUSTER, RecordingOptions.defaults());
    }

    @AfterEach
    void close() {
        recording.close();
        store.close();
    }

    private static void add(
            RecordingWriter writer,
            int second,
            ResourceType type,
            String kind,
            String name,
            Operation operation,
            String rest)
            throws InterruptedException {
        String body = "{\"metadata\":{\"name\":\"" + name + "\",\"namespace\":\"shop\",\"uid\":\"u-" + name
                + "\",\"resourceVersion\":\"" + (second + 100) + "\"}," + rest + "}";
        writer.append(new Change(
                new ObjectKey(type, "shop", name),
                kind,
                "u-" + name,
                Integer.toString(second + 100),
                START + second * SECOND,
                operation,
                body.getBytes(StandardCharsets.UTF_8)));
    }

    private List<String> tell(Scope scope, int from, int to) throws Exception {
        return Timeline.of(recording, scope, START + from * SECOND, START + to * SECOND, 100).entries().stream()
                .map(entry -> (entry.at() - START) / SECOND + " " + entry.what() + " "
                        + entry.key().name() + " "
                        + entry.text()
                        + String.join(
                                ",",
                                entry.what() == TimelineEntry.What.CHANGED
                                        ? entry.fields().stream()
                                                .map(field -> field.path().toString())
                                                .toList()
                                        : List.of()))
                .toList();
    }

    @Test
    void tellsChangesConditionsEventsAndGapsInOrder() throws Exception {
        assertThat(tell(ALL, 0, 100))
                .containsExactly(
                        "10 CREATED web ",
                        "30 CONDITION web Ready: False (Crash)",
                        "30 CHANGED web spec.image,status",
                        "40 EVENT web Warning BackOff: again",
                        "50 CONDITION web Ready: False -> True",
                        "60 DELETED web ",
                        "70 GAP  not observed for 20 s: the API server was down");
    }

    @Test
    void doesNotTakeWhatAListShowedForCreated() throws Exception {
        assertThat(tell(new Scope(Set.of(PODS), "", ""), -20, 5)).isEmpty();
    }

    @Test
    void keepsToTheStretchThatWasAskedFor() throws Exception {
        assertThat(tell(ALL, 30, 50))
                .containsExactly("40 EVENT web Warning BackOff: again", "50 CONDITION web Ready: False -> True");
    }

    @Test
    void tellsOfHeartbeatsOnlyIfAskedByName() throws Exception {
        assertThat(tell(new Scope(Set.of(LEASES), "", ""), 0, 100)).containsExactly("20 CREATED lease ");
    }

    @Test
    void tellsOfOneObjectOnly() throws Exception {
        assertThat(tell(new Scope(Set.of(PODS), "shop", "other"), 0, 65)).isEmpty();
        assertThat(tell(new Scope(Set.of(PODS), "shop", "web"), 35, 65)).hasSize(3);
    }

    @Test
    void leavesOutTheEarliestAndSaysHowMany() throws Exception {
        Timeline timeline = Timeline.of(recording, ALL, START, START + 100 * SECOND, 2);

        assertThat(timeline.entries())
                .extracting(TimelineEntry::what)
                .containsExactly(TimelineEntry.What.DELETED, TimelineEntry.What.GAP);
        assertThat(timeline.omitted()).isEqualTo(5);
    }

    @Test
    void aDocumentReadsTheSameAgain() throws Exception {
        Timeline timeline = Timeline.of(recording, ALL, START, Long.MAX_VALUE, 1000);
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new ObjectMapper().getFactory().createGenerator(text)) {
            TimelineDocument.write(timeline, out);
        }

        Timeline read = TimelineDocument.read(new ObjectMapper().readTree(text.toString()));

        assertThat(read.entries()).hasSameSizeAs(timeline.entries()).isNotEmpty();
        StringWriter again = new StringWriter();
        try (JsonGenerator out = new ObjectMapper().getFactory().createGenerator(again)) {
            TimelineDocument.write(read, out);
        }
        assertThat(again).hasToString(text.toString());
    }
}
