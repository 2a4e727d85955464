/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.logs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.rewind.http.StatusFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * One start of a container of a pod. Which one is meant, and why there is none, is as the API server and the kubelet say it.
 *
 * @param name of the container
 * @param restart how often it had been started before
 */
record LoggedContainer(String name, long restart) {

    private static final List<String> STATUSES =
            List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses");

    /**
     * The container that is asked for.
     *
     * @param pod as it was
     * @throws StatusFailure if it is not clear which, or there is none of that name
     */
    static String name(JsonNode pod, String asked) {
        String podName = pod.path("metadata").path("name").asText();
        JsonNode spec = pod.path("spec");
        List<String> containers = names(spec.path("containers"));
        List<String> init = names(spec.path("initContainers"));
        if (asked.isEmpty()) {
            if (containers.size() == 1) {
                return containers.getFirst();
            }
            String choice = containers.isEmpty() ? "" : ", choose one of: [" + String.join(" ", containers) + "]";
            if (!containers.isEmpty() && !init.isEmpty()) {
                choice += " or one of the init containers: [" + String.join(" ", init) + "]";
            }
            throw StatusFailure.badRequest("a container name must be specified for pod " + podName + choice);
        }
        if (!containers.contains(asked)
                && !init.contains(asked)
                && !names(spec.path("ephemeralContainers")).contains(asked)) {
            throw StatusFailure.badRequest("container " + asked + " is not valid for pod " + podName);
        }
        return asked;
    }

    private static List<String> names(JsonNode containers) {
        List<String> names = new ArrayList<>();
        containers.forEach(each -> names.add(each.path("name").asText()));
        return names;
    }

    /**
     * The start of a container whose log is shown.
     *
     * @param previous whether the one before is asked for
     * @throws StatusFailure if there is none
     */
    static LoggedContainer of(JsonNode pod, String name, boolean previous) {
        String what = "container \"" + name + "\" in pod \""
                + pod.path("metadata").path("name").asText() + "\"";
        JsonNode status = status(pod, name);
        if (status == null) {
            throw StatusFailure.badRequest(what + " is not available");
        }
        long restart = status.path("restartCount").asLong();
        JsonNode state = status.path("state");
        JsonNode last = status.path("lastState").path("terminated");
        boolean hasLast = !last.path("containerID").asText().isEmpty();
        boolean isWaiting = state.has("waiting") || state.isEmpty();
        if (previous) {
            if (!hasLast) {
                throw StatusFailure.badRequest("previous terminated " + what + " not found");
            }
            // While it waits to be started again, the count is that of the start that ended last.
            return new LoggedContainer(name, isWaiting ? restart : restart - 1);
        }
        if (state.has("running")) {
            return new LoggedContainer(name, restart);
        }
        boolean hasEnded =
                !state.path("terminated").path("containerID").asText().isEmpty();
        if (hasEnded || hasLast) {
            return new LoggedContainer(name, restart);
        }
        if (state.has("terminated") || !last.isMissingNode()) {
            throw StatusFailure.badRequest(what + " is terminated");
        }
        String reason = state.path("waiting").path("reason").asText();
        throw StatusFailure.badRequest(what + " is waiting to start"
                + switch (reason) {
                    case "ErrImagePull" -> ": image can't be pulled";
                    case "ImagePullBackOff" -> ": trying and failing to pull image";
                    case "" -> " - no logs yet";
                    default -> ": " + reason;
                });
    }

    private static JsonNode status(JsonNode pod, String name) {
        for (String list : STATUSES) {
            for (JsonNode status : pod.path("status").path(list)) {
                if (status.path("name").asText().equals(name)) {
                    return status;
                }
            }
        }
        return null;
    }
}
