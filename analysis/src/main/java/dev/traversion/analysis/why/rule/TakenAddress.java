/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Addresses;
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
                        + " Service as an external one, with the same ports. Proved if it has all of them, and that one leads"
                        + " elsewhere, or nowhere where only pods have the address, what the container is made of was not changed,"
                        + " and no pod of it was well since.",
                TemplateRule.RUNNING);
    }

    /**
     * Where connections to a Service go that its callers make.
     *
     * @param addresses its own, or those of its pods if it has none
     * @param ports such as {@code TCP 80}
     * @param pods the addresses that it leads to
     */
    private record Ends(Set<String> addresses, Set<String> ports, Set<String> pods) {

        boolean isHeadless() {
            return addresses.equals(pods);
        }

        /** Whether another Service leads elsewhere, with these addresses. */
        boolean differ(Set<String> led) {
            return led.isEmpty() || !pods.containsAll(led);
        }

        /** Those of its ports that are sent to another Service. */
        Set<String> taken(Version service) {
            Set<String> found = new LinkedHashSet<>();
            for (JsonNode address : service.get("spec", "externalIPs")) {
                if (addresses.contains(address.asText())) {
                    service.get("spec", "ports").forEach(port -> found.add(port(port)));
                }
            }
            found.retainAll(ports);
            return found;
        }
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        List<ObjectKey> named = MixedEndpoints.ofOthers(world, trouble);
        List<Change> changes = (named.isEmpty() ? List.<Change>of() : changes(world))
                .stream().filter(change -> Rule.precedes(change.at(), trouble)).toList();
        for (ObjectKey key : changes.isEmpty() ? List.<ObjectKey>of() : named) {
            Version service = world.at(key, trouble.from()).orElse(null);
            Ends ends = service == null ? null : ends(world, service, trouble.from());
            for (Change change : ends == null ? List.<Change>of() : changes) {
                Set<String> taken = ends.taken(change.after());
                Set<String> led = led(world, change.key(), trouble.from());
                boolean isTaken = !change.key().equals(key)
                        && !taken.isEmpty()
                        && (change.before() == null
                                || ends.taken(change.before()).isEmpty())
                        && Fields.stands(world, change, trouble.from(), each -> !ends.taken(each)
                                .isEmpty())
                        && ends.differ(led);
                if (isTaken) {
                    // Where nobody answers, an address of the Service's own comes first.
                    boolean isProved = taken.equals(ends.ports())
                            && (!led.isEmpty() || ends.isHeadless())
                            && !Templates.wasChanged(world, trouble)
                            && !Templates.wasWellSince(world, trouble, change.at());
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

    private static Ends ends(World world, Version service, long time) {
        Set<String> pods = led(world, service.key(), time);
        String own = service.get("spec", "clusterIP").asText("");
        Set<String> ports = new LinkedHashSet<>();
        if (Addresses.isHeadless(service)) {
            ServiceTroubles.slicesAt(world, service.key(), time)
                    .forEach(slice -> slice.get("ports").forEach(port -> ports.add(port(port))));
            return new Ends(pods, ports, pods);
        }
        service.get("spec", "ports").forEach(port -> ports.add(port(port)));
        return new Ends(Set.of(own), ports, pods);
    }

    private static String port(JsonNode port) {
        return port.path("protocol").asText("TCP") + " " + port.path("port").asInt();
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
