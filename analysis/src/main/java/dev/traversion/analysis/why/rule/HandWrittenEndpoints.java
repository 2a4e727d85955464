/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Addresses behind a Service without selector, which somebody writes by hand. */
final class HandWrittenEndpoints extends PlainRule {

    private static final String KEEPER = "endpointslice.kubernetes.io/managed-by";

    private static final Set<String> CONTROLLERS =
            Set.of("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io");

    HandWrittenEndpoints() {
        super(
                "hand-written-endpoints",
                "A failing container names a Service without selector, and the addresses behind it were changed or deleted. Proved if a pod"
                        + " had an address that was there before, and none has those that are there since. Or the Service has one, and"
                        + " somebody put addresses beside those of the pods that no pod has.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String namespace = trouble.about().key().namespace();
        for (ObjectKey key : Addresses.named(world, namespace, trouble.about().get("spec"))) {
            Version service = world.at(key, trouble.from()).orElse(null);
            if (service == null || service.get("spec", "type").asText().equals("ExternalName")) {
                continue;
            }
            if (!service.get("spec", "selector").isEmpty()) {
                beside(world, trouble, key, links);
            } else {
                List<Change> changes =
                        new ArrayList<>(world.changes(new ObjectKey(Types.ENDPOINTS, key.namespace(), key.name())));
                ServiceTroubles.slicesEver(world, key).forEach(slice -> changes.addAll(world.changes(slice)));
                changes.forEach(change -> judge(world, trouble, key, change, links));
            }
        }
        return links;
    }

    private static void judge(World world, Trouble trouble, ObjectKey service, Change change, List<Link> links) {
        boolean isInside = change.actor() != null && !change.actor().isOutside();
        boolean isGone = change.operation() == Change.Operation.DELETED;
        boolean isInput = isGone
                || change.path().startsWith("endpoints")
                || change.path().startsWith("ports")
                || change.path().startsWith("subsets");
        if (isInside || !isInput || change.before() == null || !Rule.precedes(change.at(), trouble)) {
            return;
        }
        Set<String> pods = addressesOfPods(world, service.namespace(), change.at());
        boolean led = addresses(change.before()).stream().anyMatch(pods::contains);
        boolean leads = !isGone && addresses(change.after()).stream().anyMatch(pods::contains);
        links.add(Link.to(
                change,
                led && !leads ? Tier.A : Tier.B,
                led && !leads ? 0.96 : 0.85,
                "the container names the Service " + service.path() + ", and its addresses are written by hand"));
    }

    /** Addresses in slices that the controller does not look after, and that count beside those of the pods. */
    private static void beside(World world, Trouble trouble, ObjectKey service, List<Link> links) {
        for (ObjectKey slice : ServiceTroubles.slicesEver(world, service)) {
            String keeper =
                    Pods.labels(world.versions(slice).getFirst()).path(KEEPER).asText("");
            if (CONTROLLERS.contains(keeper)) {
                continue;
            }
            for (Change change : world.changes(slice)) {
                boolean isInput = change.operation() == Change.Operation.CREATED
                        || change.path().startsWith("endpoints")
                        || change.path().contains("service-name");
                boolean isInside = change.actor() != null && !change.actor().isOutside();
                if (isInput && !isInside && Rule.precedes(change.at(), trouble)) {
                    Set<String> others = addresses(change.after());
                    if (change.before() != null && !change.path().startsWith("metadata")) {
                        others.removeAll(addresses(change.before()));
                    }
                    others.removeAll(addressesOfPods(world, service.namespace(), change.at()));
                    if (!others.isEmpty()) {
                        // Meshes and migrations write such slices all the time; that there is one more is rare.
                        boolean isNew = change.before() == null || change.path().startsWith("metadata");
                        links.add(Link.to(
                                change,
                                Tier.B,
                                isNew ? 0.9 : 0.6,
                                "the container names the Service " + service.path()
                                        + ", which leads also to addresses that no pod has, since"));
                    }
                }
            }
        }
    }

    private static Set<String> addressesOfPods(World world, String namespace, long time) {
        Set<String> found = new HashSet<>();
        world.list(Types.PODS, namespace, time)
                .forEach(pod -> found.add(pod.get("status", "podIP").asText("")));
        found.remove("");
        return found;
    }

    private static Set<String> addresses(Version slice) {
        Set<String> found = new HashSet<>();
        for (JsonNode endpoint : slice.get("endpoints")) {
            endpoint.path("addresses").forEach(each -> found.add(each.asText()));
        }
        for (JsonNode subset : slice.get("subsets")) {
            subset.path("addresses").forEach(each -> found.add(each.path("ip").asText()));
        }
        return found;
    }
}
