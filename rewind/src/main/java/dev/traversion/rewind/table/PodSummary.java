/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;

/**
 * A pod in four words, drawn from its phase, conditions and container statuses in the API server's order of precedence.
 *
 * @param ready containers that are ready; sidecars count
 * @param containers containers that could be ready
 * @param status the word under STATUS: a phase, or the reason why the pod is not what its phase says
 * @param restarts restarts of the containers that matter now: of init containers only while initializing
 * @param lastRestart {@code finishedAt} of the termination before the newest restart
 */
record PodSummary(int ready, int containers, String status, long restarts, Optional<JsonNode> lastRestart) {

    /** @param errorsOutlastCompletion whether a pod of completed and failed containers shows the failure (since 1.35) */
    static PodSummary of(JsonNode pod, boolean errorsOutlastCompletion) {
        Reading reading = new Reading(pod);
        boolean initializing = reading.initContainers();
        if (!initializing || Conditions.isTrue(reading.conditions, "Initialized")) {
            reading.containers(errorsOutlastCompletion);
        }
        return new PodSummary(
                reading.ready, reading.total, reading.finalStatus(), reading.restarts.count, reading.restarts.last());
    }

    /** Restarts, and when the newest of them was. */
    private static final class Restarts {
        private long count;
        private Instant newest = Instant.MIN;
        private JsonNode newestText;

        void add(JsonNode container) {
            count += container.path("restartCount").asLong(0);
            JsonNode finished = container.path("lastState").path("terminated").path("finishedAt");
            Ages.time(finished).filter(time -> time.isAfter(newest)).ifPresent(time -> {
                newest = time;
                newestText = finished;
            });
        }

        Optional<JsonNode> last() {
            return Optional.ofNullable(newestText);
        }
    }

    private static final class Reading {
        private final JsonNode pod;
        private final JsonNode spec;
        private final JsonNode podStatus;
        private final JsonNode conditions;
        private final String phase;
        private int ready;
        private int total;
        private String status;
        private Restarts restarts = new Restarts();
        private final Restarts sidecarRestarts = new Restarts();

        Reading(JsonNode pod) {
            this.pod = pod;
            this.spec = pod.path("spec");
            this.podStatus = pod.path("status");
            this.conditions = podStatus.path("conditions");
            this.phase = Field.text(podStatus, "phase");
            this.status = Field.text(podStatus, "reason", phase);
            for (JsonNode condition : conditions) {
                if (Field.text(condition, "type").equals("PodScheduled")
                        && Field.text(condition, "reason").equals("SchedulingGated")) {
                    status = "SchedulingGated";
                }
            }
            total = spec.path("containers").size();
            for (JsonNode container : spec.path("initContainers")) {
                if (isSidecar(container)) {
                    total++;
                }
            }
        }

        /** Reads the init containers up to the first that is not done; true if there is one. */
        boolean initContainers() {
            JsonNode statuses = podStatus.path("initContainerStatuses");
            for (int i = 0; i < statuses.size(); i++) {
                JsonNode container = statuses.get(i);
                boolean sidecar = isSidecar(specOf(Field.text(container, "name")));
                restarts.add(container);
                if (sidecar) {
                    sidecarRestarts.add(container);
                }
                JsonNode terminated = container.path("state").path("terminated");
                if (terminated.isObject() && terminated.path("exitCode").asLong(0) == 0) {
                    continue;
                }
                if (sidecar && container.path("started").asBoolean(false)) {
                    if (container.path("ready").asBoolean(false)) {
                        ready++;
                    }
                    continue;
                }
                status = "Init:" + initReason(container, terminated, i);
                return true;
            }
            return false;
        }

        private String initReason(JsonNode container, JsonNode terminated, int index) {
            if (terminated.isObject()) {
                return ended(terminated);
            }
            String waiting = Field.text(container.path("state").path("waiting"), "reason");
            return waiting.isEmpty() || waiting.equals("PodInitializing")
                    ? index + "/" + spec.path("initContainers").size()
                    : waiting;
        }

        void containers(boolean errorsOutlastCompletion) {
            restarts = sidecarRestarts;
            boolean running = false;
            String error = "";
            JsonNode statuses = podStatus.path("containerStatuses");
            for (int i = statuses.size() - 1; i >= 0; i--) {
                JsonNode container = statuses.get(i);
                restarts.add(container);
                JsonNode state = container.path("state");
                JsonNode terminated = state.path("terminated");
                String waiting = Field.text(state.path("waiting"), "reason");
                if (!waiting.isEmpty()) {
                    status = waiting;
                } else if (terminated.isObject()) {
                    status = ended(terminated);
                    if (errorsOutlastCompletion && terminated.path("exitCode").asLong(0) != 0) {
                        error = status;
                    }
                } else if (container.path("ready").asBoolean(false) && Field.isSet(state, "running")) {
                    running = true;
                    ready++;
                }
            }
            if (status.equals("Completed")) {
                status = completed(running, error);
            }
        }

        private String completed(boolean running, String error) {
            if (running && isReady()) {
                return "Running";
            }
            if (!error.isEmpty()) {
                return error;
            }
            return running ? "NotReady" : "Completed";
        }

        private boolean isReady() {
            for (JsonNode condition : conditions) {
                if (Field.text(condition, "type").equals("Ready") && Conditions.isTrue(condition)) {
                    return true;
                }
            }
            return false;
        }

        String finalStatus() {
            if (!Field.isSet(pod.path("metadata"), "deletionTimestamp")) {
                return status;
            }
            if (Field.text(podStatus, "reason").equals("NodeLost")) {
                return "Unknown";
            }
            return phase.equals("Succeeded") || phase.equals("Failed") ? status : "Terminating";
        }

        private static String ended(JsonNode terminated) {
            String reason = Field.text(terminated, "reason");
            if (!reason.isEmpty()) {
                return reason;
            }
            long signal = terminated.path("signal").asLong(0);
            return signal != 0
                    ? "Signal:" + signal
                    : "ExitCode:" + terminated.path("exitCode").asLong(0);
        }

        private JsonNode specOf(String name) {
            JsonNode found = spec.path("initContainers").path(-1);
            for (JsonNode container : spec.path("initContainers")) {
                if (Field.text(container, "name").equals(name)) {
                    found = container;
                }
            }
            return found;
        }

        private static boolean isSidecar(JsonNode container) {
            return Field.text(container, "restartPolicy").equals("Always");
        }
    }
}
