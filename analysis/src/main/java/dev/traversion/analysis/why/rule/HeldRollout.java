/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

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
import java.util.Set;

/** A workload that was told not to bring its newest template everywhere. */
final class HeldRollout extends PlainRule {

    HeldRollout() {
        super(
                "rollout-held",
                "A rollout stops at a partition, waits for pods to be deleted or to be ready for long, or fits no node. Proved: the field"
                        + " that says so was changed, and it would have gone on, or some node taken it, before.",
                Set.of(What.ROLLOUT_HELD));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version about = trouble.about();
        boolean isPart = trouble.text().contains("newest template");
        boolean isEarly = trouble.text().contains("do not count before");
        boolean isDaemon = about.key().type().equals(Types.DAEMON_SETS);
        for (Change change : world.changes(about.key())) {
            boolean holds = isPart
                    ? change.path().startsWith("spec.updateStrategy")
                    : isEarly && change.path().equals("spec.minReadySeconds") && isMore(change);
            if (!Rule.precedes(change.at(), trouble) || change.operation() == Change.Operation.DELETED) {
                continue;
            }
            if (isDaemon
                    && trouble.text().contains("fits no node")
                    && change.operation() == Change.Operation.CHANGED
                    && isPlace(change.path())) {
                boolean isProved = fits(world, change.before(), trouble) && !fits(world, change.after(), trouble);
                links.add(Link.to(change, isProved ? Tier.A : Tier.B, 1, "no node fits it any more"));
            } else if (holds && !isDaemon) {
                links.add(Link.to(change, Tier.A, 1, "the rollout does not go on beyond it"));
            } else if (change.operation() == Change.Operation.CREATED && (isPart || isEarly)) {
                links.add(Link.to(change, Tier.B, 0.6, "it was created so"));
            }
        }
        if (isDaemon && trouble.text().contains("fits no node")) {
            nodes(world, trouble, links);
        }
        return links;
    }

    private static boolean isMore(Change change) {
        int old = change.old() == null ? 0 : change.old().asInt();
        return change.now() != null && change.now().asInt() > old;
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
