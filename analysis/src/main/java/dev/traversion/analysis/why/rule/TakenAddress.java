/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.Words;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An external address of a Service that others have in the cluster: what is sent there goes to the Service. */
final class TakenAddress extends PlainRule {

    private static final Words FIELD = Words.of("externalIPs");

    TakenAddress() {
        super(
                "taken-address",
                "A failing container names a Service, whose address, or that of a pod behind it if it has none, was given to another"
                        + " Service as an external one, with the same port. Proved if that one leads elsewhere or nowhere, and what"
                        + " the container is made of was not changed.",
                TemplateRule.RUNNING);
    }

    /** Where connections to a Service go that its callers make: {@code TCP 10.0.0.7:80}. */
    private record Ends(Set<String> ends, Set<String> pods) {}

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        List<ObjectKey> named = MixedEndpoints.ofOthers(world, trouble);
        List<Change> changes = (named.isEmpty() ? List.<Change>of() : changes(world))
                .stream().filter(change -> Rule.precedes(change.at(), trouble)).toList();
        for (ObjectKey key : changes.isEmpty() ? List.<ObjectKey>of() : named) {
            Version service = world.at(key, trouble.from()).orElse(null);
            Ends ends = service == null ? new Ends(Set.of(), Set.of()) : ends(world, service, trouble.from());
            for (Change change : changes) {
                boolean isTaken = !change.key().equals(key)
                        && takes(change.after(), ends)
                        && (change.before() == null || !takes(change.before(), ends))
                        && Fields.stands(world, change, trouble.from(), each -> takes(each, ends))
                        && leadsElsewhere(led(world, change.key(), trouble.from()), ends);
                if (isTaken) {
                    boolean isProved = !Templates.wasChanged(world, trouble);
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            0.95,
                            "the container names the Service " + key.path()
                                    + ", and what is sent there goes to this one since"));
                }
            }
        }
        return links;
    }

    /** The changes with which Services got external addresses. */
    private static List<Change> changes(World world) {
        return world.remember("external", new ObjectKey(Types.SERVICES, "", ""), () -> {
            List<Change> found = new ArrayList<>();
            for (ObjectKey key : world.keys(Types.SERVICES, "")) {
                List<Version> versions = world.versions(key);
                boolean isOld = versions.size() == 1 && versions.getFirst().at() <= world.from();
                boolean has = !isOld && versions.stream().anyMatch(version -> version.mentions(FIELD));
                for (Change change : has ? world.changes(key) : List.<Change>of()) {
                    boolean isGiven = change.operation() == Change.Operation.CREATED
                            || change.path().startsWith("spec.externalIPs");
                    if (isGiven && !change.after().get("spec", "externalIPs").isEmpty()) {
                        found.add(
                                change.operation() == Change.Operation.CREATED
                                        ? change.at(
                                                "spec.externalIPs",
                                                change.after().get("spec", "externalIPs"))
                                        : change);
                    }
                }
            }
            return found;
        });
    }

    private static boolean leadsElsewhere(Set<String> led, Ends ends) {
        return led.isEmpty() || !ends.pods().containsAll(led);
    }

    private static boolean takes(Version service, Ends ends) {
        for (JsonNode address : service.get("spec", "externalIPs")) {
            for (JsonNode port : service.get("spec", "ports")) {
                if (ends.ends().contains(end(port, address.asText()))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Ends ends(World world, Version service, long time) {
        Set<String> ends = new LinkedHashSet<>();
        Set<String> pods = led(world, service.key(), time);
        String own = service.get("spec", "clusterIP").asText("");
        if (own.equals("None")) {
            for (Version slice : ServiceTroubles.slicesAt(world, service.key(), time)) {
                slice.get("ports").forEach(port -> pods.forEach(pod -> ends.add(end(port, pod))));
            }
        } else if (!own.isEmpty()) {
            service.get("spec", "ports").forEach(port -> ends.add(end(port, own)));
        }
        return new Ends(ends, pods);
    }

    private static String end(JsonNode port, String address) {
        return port.path("protocol").asText("TCP") + " " + address + ":"
                + port.path("port").asInt();
    }

    /** The addresses that a Service leads to. */
    private static Set<String> led(World world, ObjectKey service, long time) {
        Set<String> found = new LinkedHashSet<>();
        for (Version slice : ServiceTroubles.slicesAt(world, service, time)) {
            for (JsonNode endpoint : slice.get("endpoints")) {
                endpoint.path("addresses").forEach(each -> found.add(each.asText()));
            }
        }
        return found;
    }
}
