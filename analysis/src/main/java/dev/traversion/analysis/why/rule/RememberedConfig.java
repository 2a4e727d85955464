/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An immutable ConfigMap or Secret that a kubelet goes on giving to pods after it was replaced. */
final class RememberedConfig extends PlainRule {

    RememberedConfig() {
        super(
                "remembered-config",
                "A ConfigMap or Secret was made immutable, and made anew later. Its kubelet does not look at it again while a pod of"
                        + " the node uses it, and a new pod gets what there was before. Proved if the failing container misses"
                        + " what is only in the new one.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        for (Pods.Reference reference : Pods.references(pod.get("spec"))) {
            ObjectKey key = MissingReference.key(pod.key().namespace(), reference);
            for (Version anew : world.at(key, pod.created()).stream().toList()) {
                sealed(world, anew)
                        .filter(_ -> isUsedSince(world, pod, key, anew.created()))
                        .ifPresent(change -> links.add(link(trouble, change, anew)));
            }
        }
        return links;
    }

    /** The change that made an earlier object of the name immutable. */
    private static Optional<Change> sealed(World world, Version anew) {
        return world.changes(anew.key()).stream()
                .filter(change -> change.path().equals("immutable"))
                .filter(change -> change.now() != null && change.now().asBoolean())
                .filter(change -> !anew.uid().equals(change.after().uid()))
                .findFirst();
    }

    private static Link link(Trouble trouble, Change sealed, Version anew) {
        boolean isProved = Fitting.brings(trouble.text(), sealed.after().get("data"), anew.get("data"));
        return Link.to(
                sealed,
                isProved ? Tier.A : Tier.B,
                isProved ? 1 : 0.55,
                "the node's kubelet goes on giving pods what was in it before it was made anew");
    }

    /** Whether another pod of the node has read a ConfigMap or Secret since before a moment, until a pod was made. */
    private static boolean isUsedSince(World world, Version pod, ObjectKey key, long moment) {
        JsonNode node = pod.get("spec", "nodeName");
        return world.list(Types.PODS, key.namespace(), pod.created()).stream()
                .filter(other -> other.created() < moment
                        && other.get("spec", "nodeName").equals(node))
                .map(other -> Pods.references(other.get("spec")))
                .anyMatch(read -> read.stream()
                        .map(each -> MissingReference.key(key.namespace(), each))
                        .anyMatch(key::equals));
    }
}
