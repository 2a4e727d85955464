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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which pods and addresses a Service leads to. */
final class EndpointChoice extends PlainRule {

    EndpointChoice() {
        super(
                "endpoint-choice",
                "A failing container names a Service of which it was changed which addresses it leads to: its selector,"
                        + " publishNotReadyAddresses or internalTrafficPolicy. Proved if it leads since to pods that are not ready, or that"
                        + " serve other ports than the one which all did before, or has no address on the node of the container,"
                        + " which was not changed itself; or if it has no selector since, no pod has the addresses that were left, and"
                        + " those that it selected before have others.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        for (ObjectKey service : MixedEndpoints.ofOthers(world, trouble)) {
            for (Change change : world.changes(service)) {
                boolean isInput = change.operation() == Change.Operation.CHANGED
                        && Rule.precedes(change.at(), trouble)
                        && Fields.stands(world, change, trouble.from());
                String harm = isInput ? harm(world, trouble, change) : "";
                if (!harm.isEmpty()) {
                    boolean isProved = !Templates.wasChanged(world, trouble)
                            && (!change.path().startsWith("spec.selector")
                                    || isLeft(world, change, trouble.from())
                                    || takesIn(world, change, trouble.from() + SLACK, true));
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            isProved ? 0.95 : 0.8,
                            "the container names the Service " + service.path() + ", which " + harm));
                }
            }
        }
        return links;
    }

    /** What whoever calls the Service suffers from a change; {@code ""} if nothing. */
    private static String harm(World world, Trouble trouble, Change change) {
        long time = trouble.from() + SLACK;
        Version service = world.at(change.key(), time).orElse(change.after());
        if (change.path().equals("spec.publishNotReadyAddresses")
                && service.get("spec", "publishNotReadyAddresses").asBoolean()
                && endpoints(world, change.key(), time).stream()
                        .anyMatch(each -> isUnready(world, change, each, time))) {
            return "leads to pods that are not ready, too";
        }
        if (change.path().equals("spec.internalTrafficPolicy") && isLocal(service)) {
            String node = trouble.about().get("spec", "nodeName").asText("");
            List<JsonNode> all = endpoints(world, change.key(), time);
            boolean isNear = all.stream()
                    .anyMatch(each -> each.path("nodeName").asText("").equals(node));
            return node.isEmpty() || all.isEmpty() || isNear
                    ? ""
                    : "leads only to addresses on the node of the caller, and has none there";
        }
        if (change.path().startsWith("spec.selector") && isLeft(world, change, trouble.from())) {
            return "has no selector since, and keeps addresses that no pod has any more";
        }
        if (change.path().startsWith("spec.selector") && takesIn(world, change, time, false)) {
            return "selects pods, too, that do not serve its port";
        }
        return "";
    }

    private static boolean isLocal(Version service) {
        return service.get("spec", "internalTrafficPolicy").asText().equals("Local") && !Addresses.isHeadless(service);
    }

    /** Those that count as ready. */
    private static List<JsonNode> endpoints(World world, ObjectKey service, long time) {
        List<JsonNode> found = new ArrayList<>();
        for (Version slice : ServiceTroubles.slicesAt(world, service, time)) {
            for (JsonNode each : slice.get("endpoints")) {
                if (each.path("conditions").path("ready").asBoolean(true)) {
                    found.add(each);
                }
            }
        }
        return found;
    }

    private static boolean isUnready(World world, Change change, JsonNode endpoint, long time) {
        JsonNode reference = endpoint.path("targetRef");
        ObjectKey pod = new ObjectKey(
                Types.PODS, change.key().namespace(), reference.path("name").asText());
        return reference.path("kind").asText().equals("Pod")
                && world.at(pod, time).filter(version -> !Pods.isReady(version)).isPresent();
    }

    /**
     * Whether a Service lost its selector, so that nobody looks after its addresses, which were of pods then, none of which has one at a
     * moment, though others are ready that it would select.
     */
    private static boolean isLeft(World world, Change change, long time) {
        JsonNode selector = change.before().get("spec", "selector");
        if (selector.isEmpty() || !change.after().get("spec", "selector").isEmpty()) {
            return false;
        }
        Set<String> then = addresses(world, change.key(), change.at());
        Set<String> left = addresses(world, change.key(), time);
        boolean isReplaced = false;
        for (Version pod : ServiceTroubles.pods(world, change.before(), time)) {
            boolean has = left.contains(pod.get("status", "podIP").asText(""));
            if (has && !pod.get("metadata").has("deletionTimestamp")) {
                return false;
            }
            isReplaced |= !has && Pods.isReady(pod);
        }
        return isReplaced && !left.isEmpty() && then.containsAll(left);
    }

    private static Set<String> addresses(World world, ObjectKey service, long time) {
        Set<String> found = new LinkedHashSet<>();
        endpoints(world, service, time)
                .forEach(each -> each.path("addresses").forEach(address -> found.add(address.asText())));
        return found;
    }

    /**
     * Whether pods are selected since, and count as ready, that do not serve a port, in number, which all served that were before.
     *
     * @param isSure leaves out those that declare none: ports need not be declared
     */
    private static boolean takesIn(World world, Change change, long time, boolean isSure) {
        List<Version> before = ServiceTroubles.pods(world, change.before(), change.at());
        List<ObjectKey> known = before.stream().map(Version::key).toList();
        for (JsonNode port : change.after().get("spec", "ports")) {
            JsonNode target = port.has("targetPort") ? port.path("targetPort") : port.path("port");
            boolean served = target.isNumber()
                    && !before.isEmpty()
                    && before.stream().allMatch(pod -> Pods.serves(pod.get("spec"), target));
            boolean isLost = served
                    && ServiceTroubles.pods(world, change.after(), Math.max(time, change.at())).stream()
                            .filter(pod -> !known.contains(pod.key()) && Pods.isReady(pod))
                            .filter(pod -> !isSure || Pods.declaresPorts(pod.get("spec")))
                            .anyMatch(pod -> !Pods.serves(pod.get("spec"), target));
            if (isLost) {
                return true;
            }
        }
        return false;
    }
}
