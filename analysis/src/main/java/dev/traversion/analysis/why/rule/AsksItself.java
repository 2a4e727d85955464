/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** A container that has to end before its pod can be ready, and waits for the Service that only its own pods are behind. */
final class AsksItself extends PlainRule {

    AsksItself() {
        super(
                "asks-itself",
                "A container that runs before the others names a Service whose only pods are those of its own workload, and none of them is"
                        + " ready. That harms nobody until all of them are made anew. Proved if its message names the Service.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        for (ObjectKey service : asked(world, trouble, pod.body())) {
            for (Change change : isOwn(world, pod, service, trouble.from() + SLACK)
                    ? world.changes(Templates.maker(world, pod).key())
                    : List.<Change>of()) {
                if (change.at() <= pod.created() + SLACK && isSince(world, trouble, change, service)) {
                    links.add(Link.to(
                            change,
                            Rule.names(trouble.text(), service.name()) ? Tier.A : Tier.B,
                            0.97,
                            "the container asks the Service " + service.path()
                                    + " before its pod can be ready, and nobody else is behind it"));
                }
            }
        }
        return links;
    }

    private static boolean isSince(World world, Trouble trouble, Change change, ObjectKey service) {
        boolean asks = change.operation() != Change.Operation.DELETED
                && asked(world, trouble, change.after().body()).contains(service);
        Predicate<JsonNode> asksNot = maker -> !asked(world, trouble, maker).contains(service);
        return asks
                && (change.before() == null
                        || (asksNot.test(change.before().body()) && Undoing.decides(world, change, asksNot)));
    }

    /** The Services that the container names, if it is one that runs before the others and ends. */
    private static Set<ObjectKey> asked(World world, Trouble trouble, JsonNode maker) {
        for (JsonNode each : Pods.template(maker).path("spec").path("initContainers")) {
            if (each.path("name").asText().equals(trouble.container()) && !Pods.isSidecar(each)) {
                return Addresses.namedBy(world, trouble.about().key().namespace(), each);
            }
        }
        return Set.of();
    }

    private static boolean isOwn(World world, Version pod, ObjectKey service, long time) {
        Set<ObjectKey> makers = new HashSet<>();
        List<Version> pods = ServiceTroubles.podsAt(world, service, time);
        pods.forEach(each -> makers.add(world.root(each).key()));
        return makers.equals(Set.of(world.root(pod).key())) && pods.stream().noneMatch(Pods::isReady);
    }
}
