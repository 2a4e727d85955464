/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Why the next pod of a Deployment or DaemonSet finds no place, as long as the one is there that it is to replace. */
final class SurgeRoom extends PlainRule {

    private static final Set<ResourceType> ROLLED_OUT = Set.of(Types.DEPLOYMENTS, Types.DAEMON_SETS);

    /** So many of the pods before are tried one by one. */
    private static final int MOST = 50;

    SurgeRoom() {
        super(
                "surge-room",
                "No node takes the next pod of a Deployment or DaemonSet, since the one that it is to replace has its ports or its room,"
                        + " and goes only after it is ready. Proved: some node takes it without the pods before, the strategy let as"
                        + " many go first until it was changed, and no pod got ready since.",
                Set.of(What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        Version maker = Templates.maker(world, pod);
        Set<ObjectKey> replaced =
                ROLLED_OUT.contains(maker.key().type()) ? replaced(world, maker, pod) : Set.<ObjectKey>of();
        if (replaced.isEmpty()) {
            return links;
        }
        Fit fit = new Fit(world, trouble.from(), Set.of(pod.key()));
        Set<ObjectKey> all = new LinkedHashSet<>(replaced);
        all.add(pod.key());
        Fit without = new Fit(world, trouble.from(), all);
        boolean isHeld = !fit.any(pod.get("spec"), pod) && without.any(pod.get("spec"), pod);
        for (Change change : isHeld ? world.changes(maker.key()) : List.<Change>of()) {
            boolean isTold = change.operation() == Change.Operation.CHANGED
                    && (change.path().startsWith("spec.strategy")
                            || change.path().startsWith("spec.updateStrategy"))
                    && Rule.precedes(change.at(), trouble)
                    && !RolloutGap.isKept(change.before())
                    && Fields.stands(world, change, trouble.from(), RolloutGap::isKept);
            if (isTold) {
                boolean wasWell = Templates.gotReady(world, maker, change.at(), trouble.from());
                boolean isProved = fit.knowsPods() && !wasWell && isLetGo(world, trouble, change.before(), replaced);
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        wasWell ? 0.5 : change.path().endsWith(".type") ? 1 : 0.98,
                        "the pod before has what the next one needs, and stays until that one is ready"));
            }
        }
        return links;
    }

    /** Whether the pod has a place once that is gone which a strategy let go before others are ready: all, or any one. */
    private static boolean isLetGo(World world, Trouble trouble, Version before, Set<ObjectKey> replaced) {
        Version pod = trouble.about();
        return before.key().type().equals(Types.DAEMON_SETS)
                || before.get("spec", "strategy", "type").asText().equals("Recreate")
                || replaced.stream()
                        .filter(key -> world.at(key, trouble.from()).isPresent())
                        .limit(MOST)
                        .anyMatch(key ->
                                new Fit(world, trouble.from(), Set.of(pod.key(), key)).any(pod.get("spec"), pod));
    }

    /** The pods of other revisions. */
    private static Set<ObjectKey> replaced(World world, Version maker, Version pod) {
        Set<ObjectKey> found = new LinkedHashSet<>();
        for (ObjectKey key : WorkloadTroubles.family(world, maker)) {
            boolean isOther = key.type().equals(Types.PODS)
                    && !Templates.revision(world.versions(key).getFirst()).equals(Templates.revision(pod));
            if (isOther) {
                found.add(key);
            }
        }
        return found;
    }
}
