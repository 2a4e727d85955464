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
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.Troubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A port of a Service that leads to another one than before. */
final class ServicePort extends PlainRule {

    ServicePort() {
        super(
                "service-port",
                "A port of a Service, or of the pods behind it, was changed. Proved if the pods declare, or are probed"
                        + " at, the port it led to before, and not the one it leads to since, or if a container names the"
                        + " Service with a port that it had before, and has not since.",
                Set.of(
                        What.PORT_UNSERVED,
                        What.NO_ENDPOINTS,
                        What.CRASHED,
                        What.READINESS_FAILED,
                        What.LIVENESS_FAILED,
                        What.STARTUP_FAILED,
                        What.INIT_UNFINISHED,
                        What.JOB_UNFINISHED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        boolean isOwn = trouble.about().key().type().equals(Types.SERVICES);
        Set<ObjectKey> services = isOwn
                ? Set.of(trouble.about().key())
                : Addresses.named(
                        world,
                        trouble.about().key().namespace(),
                        trouble.about().get("spec"));
        for (ObjectKey service : services) {
            if (trouble.what() == What.PORT_UNSERVED) {
                ofPods(world, trouble, service, links);
            }
            for (Change change : world.changes(service)) {
                if (change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith("spec.ports")
                        && !change.path().endsWith("nodePort")
                        && !change.path().endsWith("appProtocol")
                        && (isOwn || !change.path().endsWith("].name"))
                        && Rule.precedes(change.at(), trouble)) {
                    boolean isProved = (!isOwn && isMissed(world, trouble, change))
                            || (change.before()
                                            .get("spec", "selector")
                                            .equals(change.after().get("spec", "selector"))
                                    && isServed(world, change.before(), change.at())
                                    && !isServed(world, change.after(), change.at()));
                    boolean counts = trouble.what() != What.NO_ENDPOINTS || isProved;
                    if (counts) {
                        links.add(Link.to(
                                change,
                                isProved ? Tier.A : Tier.B,
                                !isProved ? 0.7 : change.old() == null ? 0.97 : 1,
                                "connections to the Service go to another port since"));
                    }
                } else if (isOwn
                        && change.operation() == Change.Operation.CREATED
                        && trouble.what() == What.PORT_UNSERVED
                        && !isServed(world, trouble.about(), trouble.from() - SLACK)) {
                    links.add(Link.to(
                            change.at("spec.ports", change.after().get("spec", "ports")),
                            Tier.B,
                            0.7,
                            "the Service was created with a port that no pod declares"));
                }
            }
        }
        return links;
    }

    /** Whether a container names the Service with a port that it had before a change, and has not since. */
    private static boolean isMissed(World world, Trouble trouble, Change change) {
        JsonNode spec = trouble.about().get("spec");
        boolean isNumber = change.path().endsWith("]")
                || change.path().endsWith(".port")
                || change.path().endsWith(".protocol");
        if (!isNumber && !change.path().equals("spec.ports")) {
            return false;
        }
        for (String text : Pods.texts(Pods.container(spec, trouble.container()))) {
            for (Addresses.Address address : Addresses.in(text)) {
                boolean isMeant = Addresses.service(world, trouble.about().key().namespace(), address, change.at())
                        .filter(service -> service.key().equals(change.key()))
                        .isPresent();
                if (isMeant
                        && Addresses.hasPort(change.before(), address)
                        && Fields.stands(
                                world,
                                change,
                                trouble.from(),
                                since -> !Addresses.hasPort(since, address)
                                        || isOtherProtocol(change.before(), since, address.port()))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isOtherProtocol(Version before, Version since, int port) {
        Set<String> protocols = protocols(before, port);
        return !protocols.isEmpty() && Collections.disjoint(protocols, protocols(since, port));
    }

    private static Set<String> protocols(Version service, int port) {
        Set<String> found = new LinkedHashSet<>();
        for (JsonNode each : service.get("spec", "ports")) {
            if (each.path("port").asInt() == port) {
                found.add(each.path("protocol").asText("TCP"));
            }
        }
        return found;
    }

    /** Ports that were changed in the template of the pods. */
    private static void ofPods(World world, Trouble trouble, ObjectKey service, List<Link> links) {
        for (Version maker : Troubles.makers(world, service)) {
            List<Change> changes = world.changes(maker.key());
            for (Change change : changes) {
                boolean isPort = change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith(Templates.prefix(maker.body()))
                        && change.path().contains(".ports");
                if (isPort
                        && Rule.precedes(change.at(), trouble)
                        && declares(change.before(), trouble.about())
                        && !declares(change.after(), trouble.about())) {
                    double strength = change.old() != null ? 1 : 0.9;
                    List<Change> told = told(changes, change, trouble.about());
                    for (Change each : told) {
                        links.add(Link.to(
                                each, Tier.A, 1, "the pods were told, and declare, another port than the Service's"));
                    }
                    links.add(Link.to(
                            change,
                            told.isEmpty() ? Tier.A : Tier.B,
                            told.isEmpty() ? strength : strength - 0.1,
                            "the pods do not declare the Service's port any more"));
                }
            }
        }
    }

    /** What of the same write left the Service's port, or brought one that the container declares since: it decides where that listens. */
    private static List<Change> told(List<Change> changes, Change port, Version service) {
        String container = port.path().substring(0, port.path().indexOf(".ports"));
        List<Change> found = new ArrayList<>();
        for (Change change : changes) {
            String tail = change.path().startsWith(container) ? change.path().substring(container.length()) : "";
            boolean isTold = tail.startsWith(".args") || tail.startsWith(".command") || tail.startsWith(".env");
            if (isTold && change.at() == port.at() && (leaves(change, service) || brings(change, container, service))) {
                found.add(change);
            }
        }
        return found;
    }

    private static boolean leaves(Change change, Version service) {
        for (JsonNode port : service.get("spec", "ports")) {
            if (Ports.leaves(change, target(port).asInt())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a change names a port that a container declares since, and did not before, and none of the Service's. */
    private static boolean brings(Change change, String container, Version service) {
        for (JsonNode port : service.get("spec", "ports")) {
            if (Ports.names(change.now(), target(port).asInt())) {
                return false;
            }
        }
        Set<Integer> come = declared(change.after(), container);
        come.removeAll(declared(change.before(), container));
        return change.now() != null
                && come.stream()
                        .anyMatch(number -> Ports.names(change.now(), number) && !Ports.names(change.old(), number));
    }

    private static Set<Integer> declared(Version maker, String container) {
        Set<Integer> found = new LinkedHashSet<>();
        for (JsonNode port : Fields.value(maker.body(), container).path("ports")) {
            found.add(port.path("containerPort").asInt());
        }
        return found;
    }

    private static JsonNode target(JsonNode port) {
        return port.has("targetPort") ? port.path("targetPort") : port.path("port");
    }

    private static boolean declares(Version maker, Version service) {
        JsonNode spec = Pods.template(maker.body()).path("spec");
        for (JsonNode port : service.get("spec", "ports")) {
            if (!Pods.declares(spec, target(port))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isServed(World world, Version service, long time) {
        for (JsonNode port : service.get("spec", "ports")) {
            JsonNode target = target(port);
            boolean served = ServiceTroubles.pods(world, service, time).stream()
                    .anyMatch(pod -> Pods.serves(pod.get("spec"), target));
            if (!served) {
                return false;
            }
        }
        return true;
    }
}
