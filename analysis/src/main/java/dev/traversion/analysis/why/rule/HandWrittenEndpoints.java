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
import java.util.regex.Pattern;

/** Addresses behind a Service without selector, which somebody writes by hand. */
final class HandWrittenEndpoints extends PlainRule {

    private static final String KEEPER = "endpointslice.kubernetes.io/managed-by";

    private static final String UNMIRRORED = "endpointslice.kubernetes.io/skip-mirror";

    private static final Set<String> CONTROLLERS =
            Set.of("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io");

    /** How programs say that nobody answers. */
    private static final Pattern SILENT =
            Pattern.compile("refused|timed? ?out|no route to host|unreachable", Pattern.CASE_INSENSITIVE);

    private static final long BEFORE = 60_000_000_000L;

    HandWrittenEndpoints() {
        super(
                "hand-written-endpoints",
                "A failing container names a Service without selector, and the addresses behind it were changed or deleted. Proved if a pod"
                        + " had one that was there before, none has those that are there since, and there are none, or a message or the"
                        + " agent on the node says that they do not answer. Or the Service has a selector, and somebody put addresses"
                        + " beside those of the pods that no pod has; or its port was named, and theirs is not, or they were labelled so"
                        + " that they do not count.",
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
                changes.forEach(change -> judge(world, trouble, service, change, links));
                named(world, trouble, key, links);
                unmirrored(world, trouble, service, links);
            }
        }
        return links;
    }

    private static void judge(World world, Trouble trouble, Version service, Change change, List<Link> links) {
        boolean isInside = change.actor() != null && !change.actor().isOutside();
        boolean isInput = change.operation() == Change.Operation.DELETED
                || change.path().startsWith("endpoints")
                || change.path().startsWith("ports")
                || change.path().startsWith("subsets");
        if (isInside || !isInput || change.before() == null || !Rule.precedes(change.at(), trouble)) {
            return;
        }
        boolean isProved =
                isOfPod(world, service, addresses(change.before()), change.at()) && isSilent(world, trouble, service);
        links.add(Link.to(
                change,
                isProved ? Tier.A : Tier.B,
                isProved ? 0.96 : 0.85,
                "the container names the Service " + service.key().path() + ", and its addresses are written by hand"));
    }

    /** A port of the Service that was given a name which no port of its addresses has. */
    private static void named(World world, Trouble trouble, ObjectKey service, List<Link> links) {
        for (Change change : world.changes(service)) {
            boolean isName = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("spec.ports")
                    && change.path().endsWith("name")
                    && Rule.precedes(change.at(), trouble);
            if (isName
                    && hasPort(world, service, text(change.old()), change.at())
                    && !hasPort(world, service, text(change.now()), trouble.from())
                    && Fields.stands(world, change, trouble.from())) {
                links.add(Link.to(
                        change,
                        Tier.A,
                        0.97,
                        "the addresses of the Service " + service.path()
                                + " are written by hand, for a port of another name"));
            }
        }
    }

    private static String text(JsonNode name) {
        return name == null ? "" : name.asText();
    }

    private static boolean hasPort(World world, ObjectKey service, String name, long time) {
        for (Version slice : ServiceTroubles.slicesAt(world, service, time)) {
            for (JsonNode port : slice.get("ports")) {
                if (port.path("name").asText("").equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** That nobody makes slices of the addresses any more, since they are labelled so. */
    private static void unmirrored(World world, Trouble trouble, Version service, List<Link> links) {
        ObjectKey key = service.key();
        for (Change change : world.changes(new ObjectKey(Types.ENDPOINTS, key.namespace(), key.name()))) {
            boolean isInput = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("metadata.labels")
                    && !Pods.labels(change.before()).has(UNMIRRORED)
                    && Pods.labels(change.after()).has(UNMIRRORED)
                    && Rule.precedes(change.at(), trouble);
            if (isInput
                    && world.knows(Types.SLICES, key.namespace())
                    && !ServiceTroubles.slicesAt(world, key, change.at()).isEmpty()
                    && ServiceTroubles.slicesAt(world, key, trouble.from()).isEmpty()) {
                links.add(Link.to(
                        change,
                        Tier.A,
                        0.98,
                        "the container names the Service " + key.path()
                                + ", and its addresses count for nothing since"));
            }
        }
    }

    /** Whether a pod of the Service's namespace has one of the addresses. */
    private static boolean isOfPod(World world, Version service, Set<String> addresses, long time) {
        return !addresses.isEmpty()
                && addressesOfPods(world, service.key().namespace(), time).stream()
                        .anyMatch(addresses::contains);
    }

    /** Whether a Service leads nowhere, or, as somebody saw, to nobody who answers: what is outside may well do. */
    private static boolean isSilent(World world, Trouble trouble, Version service) {
        Set<String> since = new HashSet<>();
        ObjectKey endpoints = new ObjectKey(
                Types.ENDPOINTS, service.key().namespace(), service.key().name());
        world.at(endpoints, trouble.from()).ifPresent(version -> since.addAll(addresses(version)));
        ServiceTroubles.slicesAt(world, service.key(), trouble.from()).forEach(slice -> since.addAll(addresses(slice)));
        if (since.isEmpty()) {
            return world.knows(Types.SLICES, service.key().namespace());
        }
        if (isOfPod(world, service, since, trouble.from())) {
            return false;
        }
        String own = service.get("spec", "clusterIP").asText("");
        if (!own.equals("None")) {
            since.add(own);
        }
        boolean isTold = SILENT.matcher(trouble.text()).find()
                && since.stream().anyMatch(address -> Rule.names(trouble.text(), address));
        return isTold || isSeen(world, trouble, since);
    }

    /** Whether a connection of the pod to one of the addresses was seen to fail. */
    private static boolean isSeen(World world, Trouble trouble, Set<String> addresses) {
        boolean isPod = trouble.about().key().type().equals(Types.PODS);
        return isPod
                && world
                        .happenings(trouble.about(), trouble.from() - BEFORE, trouble.from() + SLACK)
                        .orElse(List.of())
                        .stream()
                        .anyMatch(each -> !each.address().isEmpty() && addresses.contains(each.address()));
    }

    /** Addresses in slices that the controller does not look after, and that count beside those of the pods. */
    private static void beside(World world, Trouble trouble, ObjectKey service, List<Link> links) {
        if (!world.knows(Types.PODS, service.namespace())) {
            return;
        }
        for (ObjectKey slice : ServiceTroubles.slicesEver(world, service)) {
            String keeper =
                    Pods.labels(world.versions(slice).getFirst()).path(KEEPER).asText("");
            for (Change change : CONTROLLERS.contains(keeper) ? List.<Change>of() : world.changes(slice)) {
                boolean isInput = change.operation() == Change.Operation.CREATED
                        || change.path().startsWith("endpoints")
                        || change.path().contains("service-name");
                boolean isInside = change.actor() != null && !change.actor().isOutside();
                if (isInput && !isInside && Rule.precedes(change.at(), trouble) && adds(world, service, change)) {
                    // Meshes and migrations write such slices all the time; that there is one more is rare.
                    boolean isNew = change.before() == null || change.path().startsWith("metadata");
                    links.add(Link.to(
                            change,
                            Tier.B,
                            isNew ? 0.9 : 0.6,
                            "the container names the Service " + service.path()
                                    + ", which leads also to addresses that no pod of its namespace has, since"));
                }
            }
        }
    }

    /** Whether a slice has addresses since a change that no pod has. */
    private static boolean adds(World world, ObjectKey service, Change change) {
        Set<String> others = addresses(change.after());
        if (change.before() != null && !change.path().startsWith("metadata")) {
            others.removeAll(addresses(change.before()));
        }
        if (!others.isEmpty()) {
            others.removeAll(addressesOfPods(world, service.namespace(), change.at()));
        }
        return !others.isEmpty();
    }

    /** Of those that may answer: once for each moment, since all pods have to be read for it. */
    private static Set<String> addressesOfPods(World world, String namespace, long time) {
        return world.remember("addresses at " + time, new ObjectKey(Types.PODS, namespace, ""), () -> {
            Set<String> found = new HashSet<>();
            for (Version pod : world.list(Types.PODS, namespace, time)) {
                String phase = pod.get("status", "phase").asText("");
                if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
                    found.add(pod.get("status", "podIP").asText(""));
                }
            }
            found.remove("");
            return found;
        });
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
