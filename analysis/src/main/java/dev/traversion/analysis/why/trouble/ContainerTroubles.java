/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Addresses.Meaning;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.LastLines;
import dev.traversion.analysis.why.past.Notice;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** What was wrong with the containers of a pod, from their states and what the kubelet said of their probes. */
final class ContainerTroubles {

    /** So long a container that runs first may take before it counts as stuck, ns. */
    private static final long PATIENCE = 15_000_000_000L;

    private static final long SECOND = 1_000_000_000L;

    private static final long SETTLED = 10 * SECOND;

    /** What programs say when they cannot do something; other lines tell what they do, or that nothing of it happened. */
    private final World world;

    private final ObjectKey key;

    ContainerTroubles(World world, ObjectKey key) {
        this.world = world;
        this.key = key;
    }

    /** Adds those of one version of the pod. */
    void add(Version pod, long until, List<Trouble> found) {
        add(pod, until, "initContainerStatuses", found);
        add(pod, until, "containerStatuses", found);
    }

    private void add(Version pod, long until, String list, List<Trouble> found) {
        for (JsonNode status : pod.get("status", list)) {
            String name = status.path("name").asText();
            // One that is restarted for ever runs beside the others, which wait only until it has started.
            boolean isSidecar = list.startsWith("init") && Pods.isSidecar(Pods.container(pod.get("spec"), name));
            boolean isInit = list.startsWith("init") && !isSidecar;
            JsonNode state = status.path("state");
            JsonNode waiting = state.path("waiting");
            What what = ofWaiting(waiting.path("reason").asText(""));
            JsonNode ended = state.has("terminated")
                    ? state.path("terminated")
                    : status.path("lastState").path("terminated");
            if (what != null) {
                found.add(state(
                        what,
                        pod,
                        name,
                        waiting.path("reason").asText() + ": "
                                + waiting.path("message").asText(""),
                        pod.at()));
            } else if (hasFailed(status, ended, isInit)
                    && !hasSettled(pod, name, until)
                    && !(isSidecar && wasStopped(pod, ended))) {
                found.add(ofEnd(pod, name, status, ended));
            } else if (isInit && state.has("running")) {
                unfinished(pod, until, status, state, found);
            }
            if (!isInit && state.has("running") && !status.path("ready").asBoolean()) {
                unready(pod, until, status, state, found);
            }
        }
    }

    /** Sooner if it waits for an address to which nobody answers. */
    private void unfinished(Version pod, long until, JsonNode status, JsonNode state, List<Trouble> found) {
        String name = status.path("name").asText();
        long started = Version.time(state.path("running").path("startedAt").asText(""), pod.at());
        JsonNode container = Pods.container(pod.get("spec"), name);
        boolean waits = Pods.texts(container).stream()
                .anyMatch(text -> Addresses.meaning(world, pod.key().namespace(), text, until) == Meaning.UNSERVED);
        if (until - started > (waits ? PATIENCE / 5 : PATIENCE)) {
            String text = "init container " + name + " runs and does not end"
                    + complaints(pod, name, status.path("restartCount").asInt(), until);
            found.add(state(What.INIT_UNFINISHED, pod, name, text, started));
        }
    }

    private boolean hasFailed(JsonNode status, JsonNode ended, boolean isInit) {
        if (ended.isMissingNode() || Version.time(ended.path("finishedAt").asText(""), world.to()) < world.from()) {
            return false;
        }
        boolean loops =
                status.path("state").path("waiting").path("reason").asText().equals("CrashLoopBackOff");
        boolean isOver = isInit && status.path("ready").asBoolean();
        return !isOver
                && (ended.path("exitCode").asInt() != 0
                        || loops
                        || killed(status.path("name").asText(), "") != null);
    }

    /** Whether all that runs beside a sidecar had ended before it: then the kubelet stopped it, however it took that. */
    private static boolean wasStopped(Version pod, JsonNode ended) {
        for (JsonNode status : pod.get("status", "containerStatuses")) {
            String end =
                    status.path("state").path("terminated").path("finishedAt").asText("");
            if (Version.time(end, Long.MAX_VALUE)
                    > Version.time(ended.path("finishedAt").asText(""), 0)) {
                return false;
            }
        }
        return !pod.get("status", "containerStatuses").isEmpty();
    }

    /**
     * Whether a container of a new pod failed soon after its start, as one does that waits for another in this way, and has been ready
     * since, for longer than it took to fail.
     */
    static boolean hasSettled(Version pod, String container, long until) {
        List<JsonNode> statuses = new ArrayList<>();
        pod.get("status", "initContainerStatuses").forEach(statuses::add);
        pod.get("status", "containerStatuses").forEach(statuses::add);
        for (JsonNode status : statuses) {
            JsonNode ended = status.path("lastState").path("terminated");
            JsonNode running = status.path("state").path("running");
            if (status.path("name").asText().equals(container)
                    && ended.path("reason").asText().equals("Error")
                    && status.path("ready").asBoolean()) {
                long started = Version.time(ended.path("startedAt").asText(""), Long.MIN_VALUE);
                long took = Version.time(ended.path("finishedAt").asText(""), started - 1) - started;
                long runs = Version.time(running.path("startedAt").asText(""), Long.MAX_VALUE);
                // The image of the first run may have come late.
                long first = status.path("restartCount").asInt() <= 1 ? started : pod.created();
                return took >= 0 && runs - first <= Troubles.WARM_UP && until - runs > Math.max(SETTLED, 3 * took);
            }
        }
        return false;
    }

    private static What ofWaiting(String reason) {
        return switch (reason) {
            case "ErrImagePull",
                    "ImagePullBackOff",
                    "InvalidImageName",
                    "ErrImageNeverPull",
                    "RegistryUnavailable",
                    "ImageInspectError" -> What.IMAGE_UNAVAILABLE;
            case "CreateContainerConfigError" -> What.CONFIG_MISSING;
            case "RunContainerError", "CreateContainerError", "StartError", "PostStartHookError" -> What.START_FAILED;
            default -> null;
        };
    }

    private Trouble ofEnd(Version pod, String name, JsonNode status, JsonNode ended) {
        String reason = ended.path("reason").asText();
        long at = pod.told(ended.path("finishedAt").asText(""));
        String text =
                "exit " + ended.path("exitCode").asInt() + " (" + reason + ")" + lastWords(pod, name, status, ended);
        if (reason.equals("OOMKilled")) {
            return state(What.OUT_OF_MEMORY, pod, name, text, at);
        }
        if (reason.equals("StartError") || reason.equals("ContainerCannotRun")) {
            return state(What.START_FAILED, pod, name, text, Math.max(pod.created(), Math.min(at, pod.at())));
        }
        Notice liveness = killed(name, "liveness");
        Notice startup = killed(name, "startup");
        if (liveness != null || startup != null) {
            What what = liveness != null ? What.LIVENESS_FAILED : What.STARTUP_FAILED;
            Notice killing = liveness != null ? liveness : startup;
            Notice failing = unhealthy(name, liveness != null ? "Liveness" : "Startup", world.to());
            List<Evidence> evidence =
                    failing == null ? List.of(killing.evidence()) : List.of(killing.evidence(), failing.evidence());
            String said = (failing == null ? killing.text() : failing.text())
                    + complaints(pod, name, endedRun(status), untilEnd(ended));
            return new Trouble(
                    what,
                    pod,
                    name,
                    said,
                    failing == null ? killing.first() : Math.min(killing.first(), failing.first()),
                    Long.MAX_VALUE,
                    evidence);
        }
        boolean isInit = false;
        for (JsonNode each : pod.get("spec", "initContainers")) {
            isInit |= each.path("name").asText().equals(name);
        }
        int restarts = status.path("restartCount").asInt();
        return state(
                What.CRASHED,
                pod,
                name,
                (isInit ? "init container " : "container ") + name + ": " + text
                        + (restarts > 0 ? ", restarted " + restarts + (restarts == 1 ? " time" : " times") : ""),
                at);
    }

    /** What a container said of its end: its message, or if it left none, what it logged. */
    private String lastWords(Version pod, String name, JsonNode status, JsonNode ended) {
        String message = ended.path("message").asText("").strip();
        if (!message.isEmpty()) {
            return ": " + message;
        }
        int run = endedRun(status);
        List<String> lines = world.lastLines(pod, name, run, untilEnd(ended));
        if (lines.isEmpty()) {
            // An agent may come too late for one of several runs that end at once.
            int other = status.path("state").has("running") ? run + 1 : run - 1;
            lines = world.lastLines(pod, name, other, untilEnd(ended));
        }
        return lines.isEmpty() ? "" : ": it logged: " + String.join("\n", lines);
    }

    /** An end is told in whole seconds. */
    private long untilEnd(JsonNode ended) {
        return Version.time(ended.path("finishedAt").asText(""), world.to()) + SECOND;
    }

    /** What a run of a container that does not end by itself logged of what it cannot do. */
    private String complaints(Version pod, String name, int run, long until) {
        List<String> lines = complaints(world, pod, name, run, until);
        return lines.isEmpty() ? "" : ": it logged: " + String.join("\n", lines);
    }

    static List<String> complaints(World world, Version pod, String name, int run, long until) {
        return world.lastLines(pod, name, run, until).stream()
                .filter(LastLines::complains)
                .toList();
    }

    /** The number of the run that ended last: one that waits to be restarted is still the one that ended. */
    private static int endedRun(JsonNode status) {
        int restarts = status.path("restartCount").asInt();
        return status.path("state").has("running") ? restarts - 1 : restarts;
    }

    /** The Event that a probe had a container killed. */
    private Notice killed(String container, String probe) {
        for (Notice notice : world.notices(key, "Pod")) {
            if (notice.reason().equals("Killing")
                    && notice.message().contains("ontainer " + container + " ")
                    && notice.message().contains("failed " + probe)
                    && notice.message().contains("probe")) {
                return notice;
            }
        }
        return null;
    }

    /** The last Event of a probe of a container; some Events do not tell of which it was. */
    Notice unhealthy(String container, String probe, long until) {
        Notice last = null;
        for (Notice notice : world.notices(key, "Pod")) {
            boolean isProbe =
                    notice.reason().equals("Unhealthy") || notice.reason().equals("ProbeError");
            String field = notice.version().get("involvedObject", "fieldPath").asText("");
            boolean isIts = field.isEmpty() || field.endsWith("{" + container + "}");
            if (isProbe && isIts && notice.message().startsWith(probe + " probe ") && notice.first() <= until) {
                last = last == null || notice.last() >= last.last() ? notice : last;
            }
        }
        return last;
    }

    private void unready(Version pod, long until, JsonNode status, JsonNode state, List<Trouble> found) {
        String name = status.path("name").asText();
        long started = Version.time(state.path("running").path("startedAt").asText(""), pod.at());
        silent(pod, until, name, started, found);
        // Readiness is asked for only after the start.
        for (What what : List.of(What.READINESS_FAILED, What.STARTUP_FAILED)) {
            Notice notice = unhealthy(name, what == What.STARTUP_FAILED ? "Startup" : "Readiness", until);
            boolean isKnown =
                    found.stream().anyMatch(trouble -> trouble.container().equals(name));
            if (notice != null && notice.last() >= started && !isKnown) {
                long from = Math.max(notice.first(), Math.min(pod.at(), notice.last()));
                found.add(new Trouble(
                        what,
                        pod,
                        name,
                        notice.text()
                                + complaints(
                                        pod, name, status.path("restartCount").asInt(), until),
                        Math.max(from, started),
                        Long.MAX_VALUE,
                        List.of(notice.evidence())));
            }
        }
    }

    /** A container that runs for long, is not ready in the end, and of which no probe has said anything. */
    private void silent(Version pod, long until, String name, long started, List<Trouble> found) {
        JsonNode container = Pods.container(pod.get("spec"), name);
        boolean isStarting = container.has("startupProbe");
        boolean isTold = unhealthy(name, "Readiness", until) != null || unhealthy(name, "Startup", until) != null;
        boolean isProbed = isStarting || container.has("readinessProbe");
        if (isProbed && !isTold && until == world.to() && until - started > PATIENCE) {
            What what = isStarting && !container.has("readinessProbe") ? What.STARTUP_FAILED : What.READINESS_FAILED;
            found.add(state(what, pod, name, "container " + name + " runs, and no probe has found it ready", started));
        }
    }

    static Trouble state(What what, Version pod, String container, String text, long at) {
        return new Trouble(
                what,
                pod,
                container,
                text,
                at,
                Long.MAX_VALUE,
                List.of(new Evidence(Evidence.Type.VERSION, pod, at, text)));
    }
}
