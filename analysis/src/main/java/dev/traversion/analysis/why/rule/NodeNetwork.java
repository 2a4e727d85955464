/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.StatusChanges;
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

/** A node of which somebody says that it has no network, so that a controller keeps pods away from it. */
final class NodeNetwork extends PlainRule {

    private static final String CONDITION = "NetworkUnavailable";

    private static final String TAINT = "node.kubernetes.io/network-unavailable";

    NodeNetwork() {
        super(
                "node-network",
                "No node takes a pod, since one was said to be without network, and tainted for it. Proved: the node took the pod before"
                        + " it got that taint, and does not with it.",
                Set.of(What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!trouble.text().contains("untolerated taint")) {
            return links;
        }
        Version pod = trouble.about();
        Fit fit = new Fit(world, trouble.from(), Set.of(pod.key()));
        for (ObjectKey node : world.keys(Types.NODES, "")) {
            boolean isTainted = world.at(node, trouble.from())
                    .filter(NodeNetwork::isTainted)
                    .isPresent();
            for (Change change : isTainted ? world.changes(node) : List.<Change>of()) {
                boolean isIt = change.path().startsWith("spec.taints")
                        && !isTainted(change.before())
                        && isTainted(change.after())
                        && Rule.precedes(change.at(), trouble);
                if (isIt && takes(fit, pod, change.before()) && !takes(fit, pod, change.after())) {
                    said(world, change)
                            .ifPresent(said -> links.add(Link.to(
                                    said,
                                    fit.knowsPods() ? Tier.A : Tier.B,
                                    1,
                                    "the node was tainted for it, and takes the pod no more")));
                }
            }
        }
        return links;
    }

    private static boolean takes(Fit fit, Version pod, Version node) {
        return fit.on(pod.get("spec"), Pods.labels(pod), pod.key().namespace(), node);
    }

    private static boolean isTainted(Version node) {
        for (JsonNode taint : node.get("spec", "taints")) {
            if (taint.path("key").asText().equals(TAINT)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWithout(Version node) {
        return Pods.condition(node, CONDITION).path("status").asText().equals("True");
    }

    /** What made the condition true for which a node was tainted; empty if it was not, or was so from the beginning. */
    private static Optional<Change> said(World world, Change tainted) {
        Version before = null;
        Optional<Change> said = Optional.empty();
        for (Version version : world.versions(tainted.key())) {
            if (version.at() > tainted.at()) {
                break;
            }
            boolean isWithout = !version.deleted() && isWithout(version);
            if (!isWithout) {
                said = Optional.empty();
            } else if (before != null && !isWithout(before)) {
                said =
                        StatusChanges.between(world, before, version, "status.conditions[type=" + CONDITION + "]")
                                .stream()
                                .filter(change -> change.path().matches(".*\\]|.*\\.status"))
                                .findFirst();
            }
            before = version.deleted() ? null : version;
        }
        return said;
    }
}
