/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was wrong with whatever somebody asks about. */
public final class Troubles {

    /** What passes so quickly belongs to every start, ns. */
    private static final long PASSING = 10_000_000_000L;

    /**
     * So long a pod may take from its making until it is ready for the first time, ns, fail while it waits for others, and be without
     * those that it calls.
     */
    static final long WARM_UP = 60_000_000_000L;

    /** What happens so often in so long, ns, does not pass. */
    private static final int OFTEN = 3;

    private static final long OFTEN_IN = 600_000_000_000L;

    private Troubles() {}

    /** All troubles of an object and of what belongs to it, the same ones of several pods as one, the worst first. */
    public static List<Trouble> of(World world, ObjectKey key) {
        Version version = world.last(key).orElse(null);
        if (version == null) {
            return List.of();
        }
        List<Trouble> found = new ArrayList<>();
        SwitchTroubles.going(world, version, found);
        if (key.type().equals(Types.PODS)) {
            found.addAll(PodTroubles.of(world, key));
            around(world, List.of(version), key.namespace(), found);
        } else if (key.type().equals(Types.SERVICES)) {
            service(world, key, found);
        } else if (WorkloadTroubles.isMaker(version)) {
            found.addAll(WorkloadTroubles.of(world, version));
            found.removeIf(trouble -> AtRest.isRest(world, trouble));
            if (key.type().equals(Types.JOBS) || found.isEmpty()) {
                scaledBy(world, version, found);
            }
            JsonNode labels = Pods.template(version.body()).path("metadata").path("labels");
            budgets(world, labels, key.namespace(), found);
        } else {
            found.addAll(OtherTroubles.of(world, key));
            if (key.type().equals(Types.CLAIMS) && found.isEmpty()) {
                world.last(key).ifPresent(claim -> found.addAll(OtherTroubles.ofConsumers(world, claim)));
            }
        }
        return merged(world, found);
    }

    private static void around(World world, List<Version> pods, String namespace, List<Trouble> found) {
        for (Version pod : pods) {
            budgets(world, Pods.labels(pod), namespace, found);
        }
    }

    private static void service(World world, ObjectKey key, List<Trouble> found) {
        found.addAll(ServiceTroubles.of(world, key));
        for (ObjectKey pod : ServiceTroubles.podsEver(world, key)) {
            found.addAll(PodTroubles.of(world, pod));
        }
        for (Version maker : makers(world, key)) {
            WorkloadTroubles.of(world, maker).stream()
                    .filter(trouble -> !trouble.about().key().type().equals(Types.PODS))
                    .filter(trouble -> trouble.what() != What.GONE && trouble.what() != What.ROLLOUT_PAUSED)
                    .forEach(found::add);
        }
        if (found.stream().noneMatch(Trouble::lasts)) {
            for (ObjectKey caller : ServiceTroubles.callers(world, key)) {
                found.addAll(PodTroubles.of(world, caller));
            }
        }
    }

    /** The workloads whose templates a Service selects, by any selector it had. */
    public static List<Version> makers(World world, ObjectKey service) {
        List<Version> found = new ArrayList<>();
        for (var type : List.of(Types.DEPLOYMENTS, Types.STATEFUL_SETS, Types.DAEMON_SETS)) {
            for (ObjectKey key : world.keys(type, service.namespace())) {
                Set<JsonNode> labels = templateLabels(world, key);
                boolean selected = world.versions(service).stream()
                        .map(each -> each.get("spec", "selector"))
                        .anyMatch(selector -> labels.stream().anyMatch(each -> Selectors.pairs(selector, each)));
                if (selected) {
                    world.last(key).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    /** All that the template of a workload had in the window. */
    private static Set<JsonNode> templateLabels(World world, ObjectKey maker) {
        return world.remember("labels", maker, () -> {
            Set<JsonNode> found = new LinkedHashSet<>();
            String manager = null;
            for (Version version : world.versions(maker)) {
                boolean isLast = version.equals(world.versions(maker).getLast());
                if (isLast || !version.manager().equals(manager)) {
                    found.add(Pods.template(version.wish()).path("metadata").path("labels"));
                }
                manager = version.manager();
            }
            return found;
        });
    }

    private static void scaledBy(World world, Version maker, List<Trouble> found) {
        for (Version scaler : world.list(Types.SCALERS, maker.key().namespace(), world.to())) {
            if (AtRest.scales(scaler, maker)) {
                found.addAll(OtherTroubles.of(world, scaler.key()));
            }
        }
    }

    /** A budget that allows nothing, when it had allowed something, somebody is to go, and nothing else is wrong. */
    private static void budgets(World world, JsonNode labels, String namespace, List<Trouble> found) {
        if (found.stream().anyMatch(Trouble::lasts)) {
            return;
        }
        for (Version budget : world.list(Types.BUDGETS, namespace, world.to())) {
            if (Selectors.matches(budget.get("spec", "selector"), labels)
                    && !world.changes(budget.key()).isEmpty()
                    && isOnDrained(world, budget)) {
                found.addAll(OtherTroubles.of(world, budget.key()));
            }
        }
    }

    /** Whether a pod that a budget protects is on a node that takes no new ones: a budget harms nothing while nobody evicts. */
    private static boolean isOnDrained(World world, Version budget) {
        Set<String> drained = new LinkedHashSet<>();
        for (Version node : world.list(Types.NODES, "", world.to())) {
            if (node.get("spec", "unschedulable").asBoolean()) {
                drained.add(node.key().name());
            }
        }
        return !drained.isEmpty()
                && world.list(Types.PODS, budget.key().namespace(), world.to()).stream()
                        .anyMatch(pod ->
                                drained.contains(pod.get("spec", "nodeName").asText())
                                        && Selectors.matches(budget.get("spec", "selector"), Pods.labels(pod)));
    }

    /**
     * Those that last at the end, or else those that were more than a start's hiccup, or than a short wait for others; one of each sort
     * for each workload, since its first appearance.
     */
    private static List<Trouble> merged(World world, List<Trouble> found) {
        List<Trouble> kept = new ArrayList<>(found);
        kept.removeIf(trouble -> isHiccup(trouble) || RolledOut.isPast(world, trouble));
        Map<String, List<Long>> waits = new HashMap<>();
        kept.stream()
                .filter(Troubles::isWait)
                .sorted(Comparator.comparingLong(Trouble::from))
                .forEach(trouble -> waits.computeIfAbsent(flaps(trouble), _ -> new ArrayList<>())
                        .add(trouble.from()));
        kept.removeIf(trouble -> isWait(trouble) && !isOneOfOften(trouble.from(), waits.get(flaps(trouble))));
        boolean anyLasts = kept.stream().anyMatch(Trouble::lasts);
        Map<String, Trouble> merged = new LinkedHashMap<>();
        for (Trouble trouble : kept) {
            Version root = world.root(trouble.about());
            String group = root.key() + "/" + trouble.sameness();
            Trouble known = merged.get(group);
            if (known == null || trouble.from() < known.from()) {
                merged.put(group, known != null && known.lasts() && !trouble.lasts() ? stillLasting(trouble) : trouble);
            } else if (trouble.lasts() && !known.lasts()) {
                merged.put(group, stillLasting(known));
            }
        }
        List<Trouble> all = new ArrayList<>(merged.values());
        if (anyLasts) {
            all.removeIf(trouble -> !trouble.lasts());
        }
        // A partition is for finding out what is wrong with some pods before the others are made so.
        Set<ObjectKey> failing = new LinkedHashSet<>();
        all.stream()
                .filter(trouble -> isOfPod(trouble.what()))
                .forEach(trouble -> failing.add(world.root(trouble.about()).key()));
        all.removeIf(trouble -> trouble.what() == What.ROLLOUT_PARTITIONED
                && failing.contains(trouble.about().key()));
        all.sort(Comparator.comparing(Trouble::what).thenComparingLong(Trouble::from));
        return all;
    }

    private static Trouble stillLasting(Trouble trouble) {
        return new Trouble(
                trouble.what(),
                trouble.about(),
                trouble.container(),
                trouble.text(),
                trouble.from(),
                Long.MAX_VALUE,
                trouble.evidence());
    }

    /** Whether something is over, and belongs to every start. */
    public static boolean isHiccup(Trouble trouble) {
        return !trouble.lasts() && !isMomentous(trouble);
    }

    /** Whether a pod was not ready for a short time, as while something that it calls is replaced. */
    private static boolean isWait(Trouble trouble) {
        return trouble.what() == What.READINESS_FAILED && !trouble.lasts() && trouble.to() - trouble.from() < WARM_UP;
    }

    /** What the same thing of the same pod is known by. */
    private static String flaps(Trouble trouble) {
        return trouble.about().key() + "/" + trouble.sameness();
    }

    /** Whether one of the times at which a pod was so, oldest first, is among several close to each other. */
    private static boolean isOneOfOften(long time, List<Long> times) {
        for (int i = 0; i + OFTEN <= times.size(); i++) {
            long first = times.get(i);
            boolean isOften = times.get(i + OFTEN - 1) - first <= OFTEN_IN;
            if (isOften && time >= first && time - first <= OFTEN_IN) {
                return true;
            }
        }
        return false;
    }

    /** Whether something that is over is worth asking about. */
    private static boolean isMomentous(Trouble trouble) {
        return switch (trouble.what()) {
            case OUT_OF_MEMORY, CRASHED, LIVENESS_FAILED, EVICTED, TAINT_EVICTED, PREEMPTED, JOB_FAILED -> true;
            case NODE_NOT_READY, NODE_PRESSURE, START_FAILED, STARTUP_FAILED, NODE_LOST, CREATE_REFUSED ->
                trouble.to() - trouble.from() > PASSING / 2;
            case SCALED_TO_ZERO,
                    SUSPENDED,
                    ROLLOUT_PAUSED,
                    ROLLOUT_HELD,
                    ROLLOUT_PARTITIONED,
                    READY_TOO_SHORT,
                    FITS_NO_NODE -> false;
            case READINESS_FAILED -> trouble.to() - trouble.from() > (isStarting(trouble.about()) ? WARM_UP : PASSING);
            default -> trouble.to() - trouble.from() > PASSING;
        };
    }

    /** Whether a pod has not been ready yet: its condition says what it has said from the first on. */
    private static boolean isStarting(Version pod) {
        String since = Pods.condition(pod, "Ready").path("lastTransitionTime").asText("");
        return !Pods.isReady(pod) && Version.time(since, Long.MAX_VALUE) <= pod.created() + PASSING / 2;
    }

    /** The troubles that are a pod's, from whatever workload it is. */
    public static boolean isOfPod(What what) {
        return switch (what) {
            case CRASHED,
                    OUT_OF_MEMORY,
                    START_FAILED,
                    CONFIG_MISSING,
                    IMAGE_UNAVAILABLE,
                    LIVENESS_FAILED,
                    STARTUP_FAILED,
                    READINESS_FAILED,
                    MOUNT_FAILED,
                    UNSCHEDULABLE,
                    HELD_BACK,
                    INIT_UNFINISHED,
                    JOB_UNFINISHED,
                    EVICTED,
                    TAINT_EVICTED,
                    PREEMPTED,
                    TERMINATING,
                    NODE_LOST -> true;
            default -> false;
        };
    }
}
