/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.HostPort;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Notice;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pod that made room for a more important one. */
final class Preemption extends PlainRule {

    private static final Pattern BY = Pattern.compile("[Pp]reempted by (?:a )?pod:? (\\S+)");

    Preemption() {
        super(
                "preemption",
                "A pod was driven away by one of higher priority, which the scheduler's Event names; the change that brought that one, or"
                        + " its priority, is the cause: a PriorityClass that was created, or became the default. Proved by both"
                        + " priorities, if no pod that was made since the change had a lower one, or has gone; of a class, if one made"
                        + " before had.",
                Set.of(What.PREEMPTED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        Version victim = trouble.about();
        List<Link> links = new ArrayList<>();
        by(world, victim).ifPresent(other -> {
            String text = "its pod " + other.key().path() + " has priority " + priority(other) + ", this one "
                    + priority(victim);
            boolean isHigher = priority(other) > priority(victim);
            boolean isForPort = HostPort.clash(other.get("spec"), victim.get("spec"));
            Optional<Change> demand =
                    RoomTaken.demands(world, world.root(other), other.created() + SLACK, isForPort).stream()
                            .reduce((_, last) -> last);
            long asked = demand.map(Change::at).orElse(0L);
            ofClass(world, other).filter(change -> change.at() > asked).ifPresent(change -> {
                boolean isProved = isHigher && hadLower(world, other, victim, 0, change.at());
                links.add(Link.to(change, isProved ? Tier.A : Tier.B, 1, "since then " + text));
            });
            demand.ifPresent(change -> {
                boolean isOld = hadLower(world, other, victim, change.at() - SLACK / 2, other.created())
                        || isReplacement(world, other, change.at() - SLACK / 2);
                Tier tier = isHigher && !isOld ? Tier.A : Tier.B;
                links.add(Link.to(change, tier, isOld ? 0.3 : 1, text));
            });
        });
        return links;
    }

    /** The change of its PriorityClass that gave a pod its priority; empty if none was seen. */
    private static Optional<Change> ofClass(World world, Version pod) {
        Version maker = world.root(pod);
        boolean asks = Templates.spec(world, maker, pod.created() + SLACK / 2).has("priorityClassName");
        String name = pod.get("spec", "priorityClassName").asText("");
        Optional<Change> found = Optional.empty();
        for (Change change : world.changes(new ObjectKey(Types.PRIORITIES, "", name))) {
            boolean isDefault = change.after().get("globalDefault").asBoolean();
            boolean isIt = change.operation() == Change.Operation.CREATED
                    ? asks || isDefault
                    : !asks && isDefault && change.path().equals("globalDefault");
            found = isIt && change.at() <= pod.created() + SLACK ? Optional.of(change) : found;
        }
        return found;
    }

    /** Whether pods of a pod's workload that were made in a stretch would not have driven another one away. */
    private static boolean hadLower(World world, Version pod, Version victim, long since, long until) {
        return WorkloadTroubles.family(world, world.root(pod)).stream()
                .filter(key -> key.type().equals(Types.PODS) && !key.equals(pod.key()))
                .map(key -> world.versions(key).getFirst())
                .filter(each -> each.created() >= since && each.created() < until)
                .anyMatch(each -> priority(each) <= priority(victim));
    }

    /** Whether a pod took the place of an earlier one, for which there was room. */
    private static boolean isReplacement(World world, Version pod, long since) {
        return WorkloadTroubles.family(world, world.root(pod)).stream()
                .filter(key -> key.type().equals(Types.PODS) && !key.equals(pod.key()))
                .map(key -> world.versions(key).getFirst())
                .filter(each -> each.created() >= since && each.created() < pod.created())
                .anyMatch(each -> world.at(each.key(), pod.created() + SLACK / 2)
                        .filter(there -> !there.get("metadata").has("deletionTimestamp"))
                        .isEmpty());
    }

    private static int priority(Version pod) {
        return pod.get("spec", "priority").asInt(0);
    }

    /** The pod for which another one had to go. */
    private static Optional<Version> by(World world, Version victim) {
        Optional<Version> found = Optional.empty();
        for (Notice notice : world.notices(victim.key(), "Pod")) {
            Matcher by = BY.matcher(notice.message());
            found = by.find() ? pod(world, by.group(1)) : found;
        }
        return found;
    }

    private static Optional<Version> pod(World world, String uid) {
        for (ObjectKey key : world.keys(Types.PODS, "")) {
            Version first = world.versions(key).getFirst();
            if (first.uid().equals(uid)) {
                return Optional.of(first);
            }
        }
        return Optional.empty();
    }
}
