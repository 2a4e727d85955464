/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Notice;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was wrong with a pod, from its conditions, what the kubelet reported, and its containers. */
public final class PodTroubles {

    private static final long SECOND = 1_000_000_000L;

    /** So long after its time of grace a pod that is deleted may take, ns. */
    private static final long HELD = 4_000_000_000L;

    /** What failed so long ago, ns, may fail again. */
    private static final long AGAIN = 20 * SECOND;

    /** What a kubelet says of a pod that it does not run at all. */
    private static final String REJECTED = "Pod was rejected: ";

    private final World world;
    private final ObjectKey key;
    private final ContainerTroubles containers;
    private final Map<String, Trouble> open = new LinkedHashMap<>();
    private final List<Trouble> ended = new ArrayList<>();

    private PodTroubles(World world, ObjectKey key) {
        this.world = world;
        this.key = key;
        this.containers = new ContainerTroubles(world, key);
    }

    /** In the order of their beginnings. */
    public static List<Trouble> of(World world, ObjectKey key) {
        return world.remember("troubles", key, () -> find(world, key));
    }

    private static List<Trouble> find(World world, ObjectKey key) {
        PodTroubles troubles = new PodTroubles(world, key);
        List<Version> versions = world.versions(key);
        for (int i = 0; i < versions.size(); i++) {
            Version version = versions.get(i);
            long until = i + 1 < versions.size() ? versions.get(i + 1).at() : world.to();
            if (version.deleted()) {
                troubles.end(version.at(), List.of());
            } else if (Pods.isCalm(version)) {
                troubles.end(version.at(), List.of());
            } else {
                troubles.look(version, until);
            }
        }
        List<Trouble> all = new ArrayList<>();
        troubles.ended.forEach(each -> all.add(troubles.comesAgain(each) ? each.until(Long.MAX_VALUE) : each));
        all.addAll(troubles.open.values());
        return all;
    }

    /** Whether a pod that had been ready, was not, and is again, has failed its probe since, just now: it comes and goes. */
    private boolean comesAgain(Trouble trouble) {
        List<Version> versions = world.versions(key);
        Version last = versions.getLast();
        boolean isReadyAgain = trouble.what() == What.READINESS_FAILED
                && !last.deleted()
                && !last.get("metadata").has("deletionTimestamp")
                && Pods.isReady(last)
                && versions.stream().anyMatch(each -> each.at() < trouble.from() && Pods.isReady(each));
        Notice failing = isReadyAgain ? containers.unhealthy(trouble.container(), "Readiness", world.to()) : null;
        return failing != null && failing.last() > trouble.to() + SECOND && world.to() - failing.last() < AGAIN;
    }

    /** Those which are not here any more ended. */
    private void end(long at, List<String> still) {
        open.entrySet().removeIf(entry -> {
            Trouble trouble = entry.getValue();
            boolean stays = still.contains(entry.getKey())
                    || trouble.what() == What.EVICTED
                    || trouble.what() == What.TAINT_EVICTED
                    || trouble.what() == What.PREEMPTED;
            if (!stays) {
                ended.add(new Trouble(
                        trouble.what(),
                        trouble.about(),
                        trouble.container(),
                        trouble.text(),
                        trouble.from(),
                        at,
                        trouble.evidence()));
            }
            return !stays;
        });
    }

    /** Conditions tell whole seconds; in the one in which a pod was made, the one it replaces may still have been there. */
    private long unschedulableSince(Version pod, JsonNode scheduled) {
        long since = pod.told(scheduled.path("lastTransitionTime").asText(""));
        long made = world.versions(pod.key()).getFirst().at();
        return made - since <= SECOND ? Math.max(since, made) : since;
    }

    private void look(Version pod, long until) {
        List<Trouble> found = new ArrayList<>();
        String reason = pod.get("status", "reason").asText("");
        if (reason.equals("Evicted")) {
            found.add(condition(What.EVICTED, pod, pod.get("status", "message").asText(), pod.at()));
        }
        String message = pod.get("status", "message").asText("");
        if (message.startsWith(REJECTED)) {
            found.add(condition(What.START_FAILED, pod, reason + ": " + message, pod.at()));
        }
        JsonNode disruption = Pods.condition(pod, "DisruptionTarget");
        if (disruption.path("reason").asText().equals("DeletionByTaintManager")) {
            found.add(condition(
                    What.TAINT_EVICTED,
                    pod,
                    disruption.path("message").asText(),
                    pod.told(disruption.path("lastTransitionTime").asText(""))));
        }
        if (disruption.path("reason").asText().equals("PreemptionByScheduler")) {
            found.add(condition(
                    What.PREEMPTED,
                    pod,
                    disruption.path("message").asText(),
                    pod.told(disruption.path("lastTransitionTime").asText(""))));
        }
        held(pod, until, found);
        JsonNode scheduled = Pods.condition(pod, "PodScheduled");
        if (scheduled.path("reason").asText().equals("Unschedulable")) {
            found.add(condition(
                    What.UNSCHEDULABLE, pod, scheduled.path("message").asText(), unschedulableSince(pod, scheduled)));
        }
        HeldBack.waits(world, pod, until)
                .ifPresent(text -> found.add(condition(What.HELD_BACK, pod, text, pod.created())));
        if (!pod.get("metadata").has("deletionTimestamp")) {
            containers.add(pod, until, found);
            beforeContainers(pod, until, found);
        }
        List<String> still = new ArrayList<>();
        for (Trouble trouble : found) {
            still.add(trouble.sameness());
            Trouble known = open.get(trouble.sameness());
            open.put(
                    trouble.sameness(),
                    known == null
                            ? trouble
                            : new Trouble(
                                    trouble.what(),
                                    pod,
                                    trouble.container(),
                                    trouble.text(),
                                    trouble.from() > known.from() - SECOND ? known.from() : trouble.from(),
                                    Long.MAX_VALUE,
                                    known.evidence()));
        }
        open.values()
                .removeIf(trouble -> trouble.what() == What.CRASHED
                        && !still.contains(trouble.sameness())
                        && ContainerTroubles.hasSettled(pod, trouble.container(), until));
        end(pod.at(), still);
    }

    /** A pod that is to go, and has a finalizer when its time of grace is over. */
    private static void held(Version pod, long until, List<Trouble> found) {
        String deletion = pod.get("metadata", "deletionTimestamp").asText("");
        long due = Version.time(deletion, pod.at());
        JsonNode finalizers = pod.get("metadata", "finalizers");
        if (!deletion.isEmpty() && !finalizers.isEmpty() && until - due > HELD) {
            found.add(ContainerTroubles.state(
                    What.TERMINATING, pod, "", "it is being deleted, and its finalizers hold it: " + finalizers, due));
        }
    }

    private static Trouble condition(What what, Version pod, String text, long from) {
        return new Trouble(
                what,
                pod,
                "",
                text,
                from,
                Long.MAX_VALUE,
                List.of(new Evidence(Evidence.Type.CONDITION, pod, from, text)));
    }

    /** Volumes that do not come, a node that went away. */
    private void beforeContainers(Version pod, long until, List<Trouble> found) {
        for (Notice notice : world.notices(key, "Pod")) {
            if (notice.first() > until) {
                continue;
            }
            boolean mounts = notice.reason().equals("FailedMount")
                    || notice.reason().equals("FailedAttachVolume")
                    || notice.reason().equals("FailedCreatePodSandBox");
            if (mounts && pod.get("status", "phase").asText().equals("Pending")) {
                found.removeIf(trouble -> trouble.what() == What.MOUNT_FAILED);
                found.add(told(What.MOUNT_FAILED, pod, "", notice));
            }
            boolean isLost = notice.reason().equals("NodeNotReady") && !Pods.isReady(pod);
            if (isLost && found.stream().noneMatch(trouble -> trouble.what() == What.NODE_LOST)) {
                found.add(told(What.NODE_LOST, pod, "", notice));
            }
        }
    }

    private static Trouble told(What what, Version pod, String container, Notice notice) {
        return new Trouble(
                what,
                pod,
                container,
                notice.text(),
                Math.max(notice.first(), pod.created()),
                Long.MAX_VALUE,
                List.of(notice.evidence()));
    }

    /** Of the last lines that a running container logged until a moment, those that say what it cannot do. */
    public static List<String> complaints(World world, Version pod, String container, long until) {
        for (JsonNode status : pod.get("status", "containerStatuses")) {
            if (status.path("name").asText().equals(container)) {
                int run = status.path("restartCount").asInt();
                return ContainerTroubles.complaints(world, pod, container, run, until);
            }
        }
        return List.of();
    }
}
