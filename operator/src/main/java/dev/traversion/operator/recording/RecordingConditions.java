/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.Recording;
import dev.traversion.operator.status.Conditions;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** What is told of a recording: a pure function of what was seen, but for the time. */
final class RecordingConditions {

    static final String READY = "Ready";
    static final String RECORDING = "Recording";
    static final String STORAGE_REACHABLE = "StorageReachable";
    static final String NODES_RECORDED = "NodesRecorded";
    static final String DEGRADED = "Degraded";

    /** Those that are well when they are true. */
    static final List<String> GOOD = List.of(READY, RECORDING, STORAGE_REACHABLE, NODES_RECORDED);

    private static final String REPLACED =
            "The recorder is being replaced, since what it runs with was changed. The next one heals from etcd what is missed meanwhile.";

    private RecordingConditions() {}

    static List<Condition> of(Recording recording, Observation seen, Clock clock) {
        List<Condition> before =
                recording.getStatus() == null ? null : recording.getStatus().conditions();
        Conditions now = new Conditions(before, recording.getMetadata().getGeneration(), clock);
        boolean isPaused = Boolean.TRUE.equals(recording.getSpec().paused());
        boolean wasRecording = Conditions.find(before, RECORDING)
                .filter(each -> Conditions.TRUE.equals(each.getStatus()))
                .isPresent();
        boolean isAnyReady = seen.recorders().ready() > 0;
        // At first each has to list its part of the cluster; later one takes over what was another's.
        boolean isRecording =
                !isPaused && isAnyReady && (wasRecording || seen.recorders().isComplete());
        boolean isReplaced = !isPaused
                && !isRecording
                && seen.isReplacing()
                && seen.trouble().isEmpty()
                && wasRecording;
        boolean isStoreAway = Conditions.FALSE.equals(seen.store().status());
        String trouble = seen.trouble().isEmpty() ? "The Pods are starting." : String.join(" ", seen.trouble());
        String missing = isAnyReady ? "RecordersStarting" : "NoRecorder";
        String missed = isAnyReady
                ? seen.recorders() + " recorders are ready: what the others are to record may not be recorded yet. "
                        + trouble
                : "No recorder is ready. " + trouble;
        now.add(
                STORAGE_REACHABLE,
                seen.store().status(),
                seen.store().reason(),
                seen.store().message());
        if (isPaused) {
            now.add(
                    RECORDING,
                    Conditions.FALSE,
                    Conditions.PAUSED,
                    "spec.paused is true: until it is false, time is a gap.");
        } else if (isRecording) {
            now.add(RECORDING, Conditions.TRUE, "Recording", seen.recorders() + " recorders are ready.");
        } else if (isReplaced) {
            now.add(RECORDING, Conditions.TRUE, "RecorderReplaced", REPLACED);
        } else {
            now.add(RECORDING, Conditions.FALSE, missing, missed);
        }
        if (isStoreAway) {
            now.add(READY, Conditions.FALSE, seen.store().reason(), seen.store().message());
        } else if (isPaused) {
            now.add(READY, Conditions.FALSE, Conditions.PAUSED, "spec.paused is true.");
        } else if (!isRecording && !isReplaced) {
            now.add(READY, Conditions.FALSE, missing, missed);
        } else if (seen.rewinds().wanted() > 0 && seen.rewinds().ready() == 0) {
            now.add(READY, Conditions.FALSE, "NoRewind", "It is being recorded, but not served. " + trouble);
        } else {
            now.add(READY, Conditions.TRUE, "Ready", isReplaced ? REPLACED : "It is being recorded and served.");
        }
        boolean areNodesWanted = recording.getSpec().nodes() != null;
        if (areNodesWanted) {
            NodesVerdict nodes = NodesVerdict.of(recording.getSpec(), seen.nodes());
            now.add(NODES_RECORDED, nodes.status(), nodes.reason(), nodes.message());
        }
        List<String> problems = problems(seen, isPaused);
        if (problems.isEmpty()) {
            now.add(DEGRADED, Conditions.FALSE, "AsExpected", "");
        } else {
            now.add(DEGRADED, Conditions.TRUE, reason(seen, isStoreAway), String.join(" ", problems));
        }
        return now.list();
    }

    private static String reason(Observation seen, boolean isStoreAway) {
        if (isStoreAway) {
            return seen.store().reason();
        }
        if (!seen.conflicts().isEmpty()) {
            return "MaskingConflict";
        }
        boolean isRest = seen.recorders().isComplete()
                && seen.rewinds().isComplete()
                && seen.trouble().isEmpty();
        return isRest ? "NodesNotRecorded" : "PodsNotReady";
    }

    private static List<String> problems(Observation seen, boolean isPaused) {
        List<String> problems = new ArrayList<>();
        if (Conditions.FALSE.equals(seen.store().status())) {
            problems.add(seen.store().message());
        }
        if (!seen.conflicts().isEmpty()) {
            seen.conflicts().forEach(fault -> problems.add("spec." + fault));
        }
        if (!isPaused && !seen.recorders().isComplete()) {
            problems.add(seen.recorders() + " recorders are ready.");
        }
        if (!seen.rewinds().isComplete()) {
            problems.add(seen.rewinds() + " servers of the past are ready.");
        }
        problems.addAll(seen.trouble());
        Observation.Nodes nodes = seen.nodes();
        if (!nodes.agents().isComplete()) {
            problems.add(nodes.agents() + " nodes are recorded.");
        }
        problems.addAll(nodes.trouble());
        problems.addAll(nodes.problems());
        return problems;
    }
}
