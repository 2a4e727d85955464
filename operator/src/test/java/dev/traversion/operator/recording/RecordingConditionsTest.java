/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingStatus;
import dev.traversion.operator.recording.Observation.Count;
import dev.traversion.operator.recording.Observation.Nodes;
import dev.traversion.operator.status.Conditions;
import dev.traversion.operator.store.StoreState;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingConditionsTest {

    private static final StoreState WRITTEN = new StoreState(Conditions.TRUE, "Written", "s3://b can be written.");
    private static final StoreState AWAY = new StoreState(Conditions.FALSE, "StoreUnreachable", "Check the endpoint.");
    private static final Clock EARLY = Clock.fixed(Instant.parse("2026-01-31T14:00:00Z"), ZoneOffset.UTC);
    private static final Clock LATE = Clock.fixed(Instant.parse("2026-01-31T15:00:00Z"), ZoneOffset.UTC);

    @Test
    void allIsWellWhenItIsRecordedAndServed() {
        List<Condition> told = RecordingConditions.of(recording(false), seen(WRITTEN, 1, 1), EARLY);

        assertThat(text(told))
                .containsExactly(
                        "StorageReachable=True Written",
                        "Recording=True Recording",
                        "Ready=True Ready",
                        "Degraded=False AsExpected");
    }

    @Test
    void recordingGoesOnWhileTheStoreIsAway() {
        List<Condition> told = RecordingConditions.of(recording(false), seen(AWAY, 1, 1), EARLY);

        assertThat(text(told))
                .containsExactly(
                        "StorageReachable=False StoreUnreachable",
                        "Recording=True Recording",
                        "Ready=False StoreUnreachable",
                        "Degraded=True StoreUnreachable");
    }

    /** A single one ends before the next one starts, which then heals what it missed. */
    @Test
    void theOnlyRecorderIsReplacedWithoutAnAlarm() {
        Recording recording = recording(false);
        recording.setStatus(told(RecordingConditions.of(recording, seen(WRITTEN, 1, 1), EARLY)));
        Observation replacing =
                new Observation(WRITTEN, new Count(1, 0), true, new Count(1, 1), Nodes.NONE, List.of(), List.of(), 0);
        recording.setStatus(told(RecordingConditions.of(recording, replacing, EARLY)));

        assertThat(text(RecordingConditions.of(recording, replacing, LATE)))
                .contains("Recording=True RecorderReplaced", "Ready=True Ready", "Degraded=True PodsNotReady");
        assertThat(text(RecordingConditions.of(recording, seen(WRITTEN, 0, 1), LATE)))
                .as("it did not come up in time")
                .contains("Recording=False NoRecorder", "Ready=False NoRecorder");
        Observation broken = new Observation(
                WRITTEN, new Count(1, 0), true, new Count(1, 1), Nodes.NONE, List.of("No image."), List.of(), 0);
        assertThat(text(RecordingConditions.of(recording, broken, LATE)))
                .contains("Recording=False NoRecorder", "Ready=False NoRecorder");
        assertThat(text(RecordingConditions.of(recording(false), replacing, LATE)))
                .as("none was there before")
                .contains("Recording=False NoRecorder");
    }

    @Test
    void pausedIsNotDegraded() {
        Observation seen =
                new Observation(WRITTEN, new Count(0, 0), false, new Count(1, 1), Nodes.NONE, List.of(), List.of(), 0);

        assertThat(text(RecordingConditions.of(recording(true), seen, EARLY)))
                .contains("Recording=False Paused", "Ready=False Paused", "Degraded=False AsExpected");
    }

    @Test
    void oneOfTwoRecordersTakesOverWhatTheOtherRecorded() {
        Recording recording = recording(false);
        recording.setStatus(told(RecordingConditions.of(recording, recorders(2), EARLY)));

        assertThat(text(RecordingConditions.of(recording, recorders(1), LATE)))
                .contains("Ready=True Ready", "Degraded=True PodsNotReady");
    }

    @Test
    void atFirstItIsRecordedWhenEachRecorderHasListedItsPart() {
        assertThat(text(RecordingConditions.of(recording(false), recorders(1), EARLY)))
                .contains("Recording=False RecordersStarting", "Ready=False RecordersStarting");
        assertThat(text(RecordingConditions.of(recording(false), recorders(2), EARLY)))
                .contains("Recording=True Recording", "Ready=True Ready");
    }

    /** Of two. */
    private static Observation recorders(int ready) {
        return new Observation(
                WRITTEN, new Count(2, ready), false, new Count(1, 1), Nodes.NONE, List.of(), List.of(), 0);
    }

    @Test
    void whyPodsDoNotStartIsSaid() {
        String trouble = "Pod prod-recorder-0 waits: ImagePullBackOff, no such image.";
        Observation seen = new Observation(
                WRITTEN, new Count(1, 0), false, new Count(1, 1), Nodes.NONE, List.of(trouble), List.of(), 0);

        assertThat(RecordingConditions.of(recording(false), seen, EARLY))
                .filteredOn(each -> each.getType().equals("Ready"))
                .allSatisfy(each -> assertThat(each.getMessage()).contains(trouble));
    }

    @Test
    void timeOfATransitionStaysAsLongAsTheStatusDoes() {
        Recording recording = recording(false);
        List<Condition> first = RecordingConditions.of(recording, seen(WRITTEN, 1, 1), EARLY);
        recording.setStatus(new RecordingStatus(1L, "id", "s3://b", 0, null, first));

        assertThat(RecordingConditions.of(recording, seen(WRITTEN, 1, 1), LATE)).isEqualTo(first);
        assertThat(RecordingConditions.of(recording, seen(AWAY, 1, 1), LATE))
                .filteredOn(each -> each.getType().equals("StorageReachable"))
                .allSatisfy(each -> assertThat(each.getLastTransitionTime()).isEqualTo("2026-01-31T15:00:00Z"));
    }

    @Test
    void nodesAreToldOfOnlyIfTheyAreAskedFor() {
        assertThat(text(RecordingConditions.of(recording(false), seen(WRITTEN, 1, 1), EARLY)))
                .noneMatch(each -> each.startsWith("NodesRecorded"));
        assertThat(text(RecordingConditions.of(
                        ofNodes(), seen(new Nodes(new Count(3, 3), 3, List.of(), List.of())), EARLY)))
                .contains("NodesRecorded=True NodesRecorded", "Degraded=False AsExpected");
    }

    @Test
    void aNodeThatIsNotRecordedDegradesAndTheRestIsReady() {
        String trouble = "Pod prod-agent-x waits: ImagePullBackOff.";
        Nodes nodes = new Nodes(new Count(3, 2), 3, List.of(trouble), List.of());

        List<Condition> told = RecordingConditions.of(ofNodes(), seen(nodes), EARLY);

        assertThat(text(told))
                .contains("Ready=True Ready", "NodesRecorded=False AgentsNotReady", "Degraded=True NodesNotRecorded");
        assertThat(message(told, "NodesRecorded")).contains("2 of 3", trouble);
    }

    @Test
    void whatAKernelCannotTellIsNamedWithItsNodes() {
        String problem =
                "Node old-1: Not recorded: block_io. The probe block cannot be used: this kernel has no such hook";
        Nodes nodes = new Nodes(new Count(3, 3), 3, List.of(), List.of(problem));

        List<Condition> told = RecordingConditions.of(ofNodes(), seen(nodes), EARLY);

        assertThat(text(told)).contains("NodesRecorded=False EventsMissing", "Degraded=True NodesNotRecorded");
        assertThat(message(told, "NodesRecorded")).isEqualTo(problem);
    }

    @Test
    void podsThatTheNamespaceDoesNotAdmitAreExplained() {
        Nodes nodes = new Nodes(new Count(3, 0), 0, List.of(), List.of());

        List<Condition> told = RecordingConditions.of(ofNodes(), seen(nodes), EARLY);

        assertThat(text(told)).contains("NodesRecorded=False NoAgent");
        assertThat(message(told, "NodesRecorded")).contains("pod-security.kubernetes.io/enforce=privileged");
    }

    private static Observation seen(Nodes nodes) {
        return new Observation(WRITTEN, new Count(1, 1), false, new Count(1, 1), nodes, List.of(), List.of(), 0);
    }

    private static Recording ofNodes() {
        return Serialization.unmarshal("""
                apiVersion: traversion.dev/v1alpha1
                kind: Recording
                metadata: {name: prod, generation: 1}
                spec:
                  store: {s3: {endpoint: "https://s3", bucket: b}}
                  nodes: {events: [processes], usageInterval: 5s, spool: 512Mi}
                """, Recording.class);
    }

    private static String message(List<Condition> conditions, String type) {
        return Conditions.find(conditions, type).orElseThrow().getMessage();
    }

    private static Observation seen(StoreState store, int recorders, int rewinds) {
        return new Observation(
                store, new Count(1, recorders), false, new Count(1, rewinds), Nodes.NONE, List.of(), List.of(), 0);
    }

    private static RecordingStatus told(List<Condition> conditions) {
        return new RecordingStatus(1L, "id", "s3://b", 0, null, conditions);
    }

    private static Recording recording(boolean paused) {
        return Serialization.unmarshal("""
                apiVersion: traversion.dev/v1alpha1
                kind: Recording
                metadata: {name: prod, generation: 1}
                spec:
                  store: {s3: {endpoint: "https://s3", bucket: b}}
                  paused: %s
                """.formatted(paused), Recording.class);
    }

    private static List<String> text(List<Condition> conditions) {
        return conditions.stream()
                .map(each -> each.getType() + "=" + each.getStatus() + " " + each.getReason())
                .toList();
    }
}
