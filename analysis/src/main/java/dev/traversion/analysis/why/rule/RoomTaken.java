/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Pods of others that take the room a pod would need. */
final class RoomTaken extends PlainRule {

    private static final int MOST = 20;

    RoomTaken() {
        super(
                "room-taken",
                "No node has room for a pod, since another workload was made, enlarged, or ran at its time; or its pods keep"
                        + " this one away by their anti-affinity. Proved: some node takes the pod without the pods that came of that"
                        + " change, and none with them, none of them came from another node, and the pod's own workload did not ask for it"
                        + " later.",
                Set.of(What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        boolean isRoom = isKept(trouble)
                || trouble.text().contains("Insufficient")
                || trouble.text().contains("Too many pods")
                || isOfPorts(trouble);
        if (!isRoom || takes(world, trouble, Set.of(pod.key()))) {
            return links;
        }
        ObjectKey own = Templates.maker(world, pod).key();
        Map<ObjectKey, List<ObjectKey>> others = new LinkedHashMap<>();
        for (ObjectKey other : Fit.boundIn(world, world.from(), trouble.from() + SLACK)) {
            ObjectKey maker = world.root(world.versions(other).getLast()).key();
            if (!maker.equals(own)) {
                others.computeIfAbsent(maker, _ -> new ArrayList<>()).add(other);
            }
        }
        int looked = 0;
        for (Map.Entry<ObjectKey, List<ObjectKey>> other : others.entrySet()) {
            if (looked++ < MOST) {
                judge(world, trouble, other.getKey(), other.getValue(), links);
            }
        }
        return links;
    }

    private static void judge(World world, Trouble trouble, ObjectKey maker, List<ObjectKey> pods, List<Link> links) {
        Version last = world.last(maker).orElseThrow();
        List<Change> demands = isKept(trouble)
                ? keeping(world, last, trouble.from() + SLACK)
                : demands(world, last, trouble.from() + SLACK, isOfPorts(trouble));
        for (Change demand : demands.reversed()) {
            Set<ObjectKey> besides = new LinkedHashSet<>(Set.of(trouble.about().key()));
            pods.stream()
                    .filter(key -> world.versions(key).getFirst().created() >= demand.at() - SLACK)
                    .forEach(besides::add);
            if (besides.size() > 1 && takes(world, trouble, besides)) {
                boolean isLater = (!isKept(trouble) && asked(world, trouble) > demand.at() + SLACK)
                        || areMoved(world, last, besides, demand.at() - SLACK);
                String text = isKept(trouble)
                        ? "its pods keep this one away from where they are"
                        : "its pods take the room that this one needs";
                links.add(Link.to(demand, isLater ? Tier.B : Tier.A, isLater ? 0.5 : 0.9, text));
                return;
            }
            if (demand.operation() != Change.Operation.OBSERVED) {
                return;
            }
        }
    }

    /** Whether pods that a workload made since a moment took the place of others that were on another node, and are gone. */
    private static boolean areMoved(World world, Version maker, Set<ObjectKey> pods, long since) {
        List<String> nodes = pods.stream().map(key -> node(world, key)).toList();
        return WorkloadTroubles.family(world, maker).stream()
                .filter(key -> key.type().equals(Types.PODS) && !pods.contains(key))
                .filter(key -> world.versions(key).getFirst().created() >= since)
                .map(key -> node(world, key))
                .anyMatch(node -> !node.isEmpty() && !nodes.contains(node));
    }

    /** The node that a pod was on last; {@code ""} if on none. */
    private static String node(World world, ObjectKey pod) {
        return world.versions(pod).reversed().stream()
                .filter(version -> !version.deleted())
                .findFirst()
                .map(version -> version.get("spec", "nodeName").asText(""))
                .orElse("");
    }

    /** When the pod's own workload began to ask for what it does, ns. A port may be asked for by one only: who came later is at fault. */
    private static long asked(World world, Trouble trouble) {
        Version pod = trouble.about();
        long latest = DaemonNode.since(world, pod).map(Change::at).orElse(0L);
        for (Change own : demands(world, Templates.maker(world, pod), pod.created() + SLACK, isOfPorts(trouble))) {
            boolean counts = own.operation() == Change.Operation.CHANGED
                    || (own.operation() == Change.Operation.CREATED && isOfPorts(trouble));
            latest = counts ? Math.max(latest, own.at()) : latest;
        }
        return latest;
    }

    /** Whether a pod is not taken since others do not want it beside them. */
    private static boolean isKept(Trouble trouble) {
        return trouble.text().contains("existing pods anti-affinity");
    }

    /** The changes since which the pods of a workload keep others away, oldest first. */
    private static List<Change> keeping(World world, Version maker, long until) {
        String affinity = Templates.prefix(maker.body()) + "spec.affinity";
        List<Change> set = world.changes(maker.key()).stream()
                .filter(change -> change.path().startsWith(affinity) && change.at() <= until)
                .filter(change -> !apart(change.after()).equals(apart(change.before())))
                .toList();
        return set.isEmpty() ? demands(world, maker, until, false) : set;
    }

    private static JsonNode apart(Version maker) {
        return Fit.apart(Pods.template(maker.body()).path("spec"));
    }

    private static boolean takes(World world, Trouble trouble, Set<ObjectKey> besides) {
        Version pod = trouble.about();
        return new Fit(world, trouble.from(), besides)
                .any(pod.get("spec"), Pods.labels(pod), pod.key().namespace());
    }

    private static boolean isOfPorts(Trouble trouble) {
        return trouble.text().contains("free ports");
    }

    /**
     * The changes with which a workload began to ask for more, oldest first.
     *
     * @param forPorts of several at once, those of ports of the node come last; else they come first
     */
    static List<Change> demands(World world, Version maker, long until, boolean forPorts) {
        List<Change> found = new ArrayList<>();
        for (Change change : world.changes(maker.key())) {
            boolean isMore = change.path().equals("spec.replicas")
                    && change.now() != null
                    && change.now().asInt()
                            > (change.old() == null ? 0 : change.old().asInt());
            boolean isNew = change.operation() == Change.Operation.CREATED;
            boolean isOther = change.path().contains(".resources")
                    || change.path().endsWith("priorityClassName")
                    || isOfNodePort(change);
            if ((isMore || isNew || isOther) && change.at() <= until) {
                found.add(change);
            }
        }
        found.addAll(ScheduledRuns.of(world, maker, until));
        Comparator<Change> byTime = Comparator.comparingLong(Change::at);
        found.sort(byTime.thenComparing(change -> isOfNodePort(change) == forPorts));
        return found;
    }

    private static boolean isOfNodePort(Change change) {
        return change.path().contains(".ports") && (change.path() + change.now()).contains("hostPort");
    }
}
