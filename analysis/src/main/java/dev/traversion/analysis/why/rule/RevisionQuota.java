/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A quota for the objects in which a controller keeps the templates of its pods. */
final class RevisionQuota extends PlainRule {

    private static final String COUNT = "count/controllerrevisions.apps";

    private static final Set<ResourceType> MAKERS = Set.of(Types.STATEFUL_SETS, Types.DAEMON_SETS);

    RevisionQuota() {
        super(
                "revision-quota",
                "The controller of a StatefulSet or DaemonSet does not take up what was changed, and a ResourceQuota allows no more"
                        + " ControllerRevisions than there are. Proved if it allowed more before it was changed.",
                Set.of(What.ROLLOUT_HELD));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version maker = trouble.about();
        boolean isUntaken = maker.get("status", "observedGeneration").asLong()
                < maker.get("metadata", "generation").asLong();
        if (!MAKERS.contains(maker.key().type()) || !isUntaken) {
            return links;
        }
        String namespace = maker.key().namespace();
        for (ObjectKey key : world.keys(Types.QUOTAS, namespace)) {
            double used = world.at(key, world.to())
                    .map(quota -> Quantities.of(quota.get("status", "used").path(COUNT), -1))
                    .orElse(-1.0);
            for (Change change : used < 0 ? List.<Change>of() : world.changes(key)) {
                boolean isInput = change.operation() == Change.Operation.CREATED
                        || change.path().equals("spec.hard")
                        || change.path().contains(COUNT);
                if (isInput
                        && change.operation() != Change.Operation.DELETED
                        && Rule.precedes(change.at(), trouble)
                        && hard(change.after()) <= used
                        && (change.before() == null || hard(change.before()) > used)) {
                    links.add(Link.to(
                            change.before() == null
                                    ? change.at("spec.hard", change.after().get("spec", "hard"))
                                    : change,
                            Tier.A,
                            0.97,
                            "the quota allows no further ControllerRevision, which the new template needs"));
                }
            }
        }
        return links;
    }

    private static double hard(Version quota) {
        return Quantities.of(quota.get("spec", "hard").path(COUNT), Double.MAX_VALUE);
    }
}
