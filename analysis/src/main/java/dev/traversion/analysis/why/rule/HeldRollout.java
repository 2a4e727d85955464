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
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/** A workload that was told not to bring its newest template everywhere. */
final class HeldRollout extends PlainRule {

    HeldRollout() {
        super(
                "rollout-held",
                "A rollout stops at a partition, waits for pods to be deleted or to be ready for long, or fits no node. Proved: the field"
                        + " that says so was changed, and it would have gone on, or some node taken it, before.",
                Set.of(What.ROLLOUT_PARTITIONED, What.READY_TOO_SHORT, What.FITS_NO_NODE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (Change change : world.changes(trouble.about().key())) {
            if (Rule.precedes(change.at(), trouble) && change.operation() != Change.Operation.DELETED) {
                link(world, trouble, change).ifPresent(links::add);
            }
        }
        if (trouble.what() == What.FITS_NO_NODE) {
            nodes(world, trouble, links);
        }
        return links;
    }

    private static Optional<Link> link(World world, Trouble trouble, Change change) {
        boolean isChanged = change.operation() == Change.Operation.CHANGED;
        if (trouble.what() == What.FITS_NO_NODE) {
            if (!isChanged || !isPlace(change.path())) {
                return Optional.empty();
            }
            boolean isProved = fits(world, change.before(), trouble) && !fits(world, change.after(), trouble);
            return Optional.of(Link.to(change, isProved ? Tier.A : Tier.B, 1, "no node fits it any more"));
        }
        if (!isChanged) {
            return Optional.of(Link.to(change, Tier.B, 0.6, "it was created so"));
        }
        boolean isStrategy = trouble.what() == What.ROLLOUT_PARTITIONED;
        ToIntFunction<Version> barrier = isStrategy
                ? HeldRollout::partition
                : each -> each.get("spec", "minReadySeconds").asInt();
        // Without its type nothing of a strategy would have stayed as it was.
        boolean isAside = change.path().startsWith("spec.updateStrategy.rollingUpdate")
                && partition(change.after()) == Integer.MAX_VALUE;
        boolean holds = !isAside
                && change.path().startsWith(isStrategy ? "spec.updateStrategy" : "spec.minReadySeconds")
                && barrier.applyAsInt(change.after()) > barrier.applyAsInt(change.before())
                && Fields.stands(
                        world,
                        change,
                        trouble.from(),
                        each -> barrier.applyAsInt(each) > barrier.applyAsInt(change.before()));
        return holds
                ? Optional.of(Link.to(change, Tier.A, 1, "the rollout does not go on beyond it"))
                : Optional.empty();
    }

    /** The first pod that gets the newest template; none does where they wait for their deletion. */
    private static int partition(Version set) {
        JsonNode strategy = set.get("spec", "updateStrategy");
        return strategy.path("type").asText().equals("OnDelete")
                ? Integer.MAX_VALUE
                : strategy.path("rollingUpdate").path("partition").asInt();
    }

    private static boolean isPlace(String path) {
        return path.startsWith("spec.template.spec.nodeSelector")
                || path.startsWith("spec.template.spec.affinity")
                || path.startsWith("spec.template.spec.tolerations");
    }

    private static boolean fits(World world, Version set, Trouble trouble) {
        Fit fit = new Fit(world, trouble.from(), Set.<ObjectKey>of());
        return fit.any(
                Pods.template(set.body()).path("spec"),
                Pods.template(set.body()).path("metadata").path("labels"),
                set.key().namespace());
    }

    private static void nodes(World world, Trouble trouble, List<Link> links) {
        for (Change change : world.changes(Types.NODES, "")) {
            boolean isInput = change.operation() == Change.Operation.DELETED
                    || change.path().startsWith("spec.taints")
                    || change.path().startsWith("metadata.labels");
            if (isInput && Rule.precedes(change.at(), trouble)) {
                Fit fit = new Fit(world, trouble.from(), Set.<ObjectKey>of());
                Version set = trouble.about();
                boolean took = on(fit, set, change.before());
                boolean takes = change.operation() != Change.Operation.DELETED && on(fit, set, change.after());
                if (took && !takes) {
                    links.add(Link.to(change, Tier.A, 0.95, "the node does not fit it any more"));
                }
            }
        }
    }

    private static boolean on(Fit fit, Version set, Version node) {
        return fit.on(
                Pods.template(set.body()).path("spec"),
                Pods.template(set.body()).path("metadata").path("labels"),
                set.key().namespace(),
                node);
    }
}
