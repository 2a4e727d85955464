/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A node that a DaemonSet has to have a pod on since it was labelled. */
final class DaemonNode extends PlainRule {

    DaemonNode() {
        super(
                "daemon-node",
                "A pod of a DaemonSet waits for its node, for which it was made since the node's labels were changed. Proved: the"
                        + " DaemonSet did not ask for the node before and does since, never had a pod there, and the node does not take"
                        + " this one.",
                Set.of(What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        Version pod = trouble.about();
        return since(world, pod)
                .map(change -> Link.to(
                        change,
                        isRefused(world, trouble) ? Tier.A : Tier.B,
                        1,
                        "the DaemonSet " + Templates.maker(world, pod).key().path() + " has a pod for the node since"))
                .stream()
                .toList();
    }

    private static boolean isRefused(World world, Trouble trouble) {
        Version pod = trouble.about();
        Fit fit = new Fit(world, trouble.from(), Set.of(pod.key()));
        return fit.knowsPods()
                && world.at(node(pod), trouble.from())
                        .filter(node -> !fit.on(
                                pod.get("spec"), Pods.labels(pod), pod.key().namespace(), node))
                        .isPresent();
    }

    /** The change of its node's labels since which a DaemonSet has a pod there, if this is the first one. */
    static Optional<Change> since(World world, Version pod) {
        Version maker = Templates.maker(world, pod);
        ObjectKey node = node(pod);
        if (!maker.key().type().equals(Types.DAEMON_SETS) || node.name().isEmpty()) {
            return Optional.empty();
        }
        for (Change change : world.changes(node).reversed()) {
            JsonNode spec = Templates.spec(world, maker, change.at());
            boolean isLabel = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("metadata.labels")
                    && change.at() <= pod.created() + SLACK;
            boolean isAsked = Selectors.asksFor(spec.path("nodeSelector"), change.path())
                    || Selectors.asksFor(spec.path("affinity"), change.path());
            if (isLabel && isAsked && !Fit.selects(spec, change.before()) && Fit.selects(spec, change.after())) {
                return wasThere(world, maker, pod, node) ? Optional.empty() : Optional.of(change);
            }
        }
        return Optional.empty();
    }

    private static boolean wasThere(World world, Version maker, Version pod, ObjectKey node) {
        return WorkloadTroubles.family(world, maker).stream()
                .filter(key -> key.type().equals(Types.PODS) && !key.equals(pod.key()))
                .flatMap(key -> world.versions(key).stream())
                .anyMatch(other -> other.get("spec", "nodeName").asText("").equals(node.name()));
    }

    /** The node that the DaemonSet's controller made a pod for; one without a name if it says none. */
    private static ObjectKey node(Version pod) {
        JsonNode terms = pod.get("spec", "affinity", "nodeAffinity")
                .path("requiredDuringSchedulingIgnoredDuringExecution")
                .path("nodeSelectorTerms");
        String name = "";
        for (JsonNode field : terms.path(0).path("matchFields")) {
            name = field.path("key").asText().equals("metadata.name")
                    ? field.path("values").path(0).asText("")
                    : name;
        }
        return new ObjectKey(Types.NODES, "", name);
    }
}
