/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A kubelet that reports, and is not heard, since a webhook has to be asked first. */
final class HeartbeatRefused extends PlainRule {

    private static final long SECOND = 1_000_000_000L;

    /** Nodes that are looked at beside the one that is silent. */
    private static final int MOST = 20;

    HeartbeatRefused() {
        super(
                "heartbeat-refused",
                "A node's Lease was not renewed any more just since a webhook that must be asked about it was set up so, or lost its"
                        + " Service. Proved if the Service is gone, has no endpoints or never was, and nothing but rules and labels says"
                        + " what the webhook is asked about, and no Lease was renewed since that it is asked about.",
                Set.of(What.NODE_NOT_READY));
    }

    /**
     * The last that was heard of a node.
     *
     * @param at ns
     * @param patience within which there should have been more, ns
     */
    private record Heartbeat(Version lease, long at, long patience) {

        /** Whether it was the last one before something. */
        boolean isJustBefore(long moment) {
            return at <= moment + SLACK && moment - at <= patience;
        }
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        ObjectKey key = new ObjectKey(
                Types.LEASES, "kube-node-lease", trouble.about().key().name());
        if (!trouble.text().contains("Unknown")) {
            return links;
        }
        world.at(key, trouble.from()).ifPresent(lease -> {
            JsonNode spec = lease.get("spec");
            long at = Version.time(spec.path("renewTime").asText(""), lease.at());
            // A kubelet renews it four times as often as it has to.
            long patience = spec.path("leaseDurationSeconds").asLong(40) * SECOND / 2;
            for (ResourceType type : List.of(Types.MUTATING, Types.VALIDATING)) {
                for (Version configuration : world.list(type, "", trouble.from())) {
                    ofConfiguration(world, configuration, new Heartbeat(lease, at, patience), trouble.from(), links);
                }
            }
        });
        return links;
    }

    private static void ofConfiguration(
            World world, Version configuration, Heartbeat last, long until, List<Link> links) {
        for (JsonNode webhook : configuration.get("webhooks")) {
            if (!takes(world, webhook, last.lease())) {
                continue;
            }
            boolean isProved = webhook.path("matchConditions").isEmpty() && !areHeard(world, webhook, last, until);
            Tier tier = isProved ? Tier.A : Tier.B;
            JsonNode reference = webhook.path("clientConfig").path("service");
            ObjectKey service = new ObjectKey(
                    Types.SERVICES,
                    reference.path("namespace").asText(),
                    reference.path("name").asText());
            boolean isDead = !service.name().isEmpty()
                    && world.knows(Types.SERVICES, service.namespace())
                    && world.versions(service).isEmpty();
            for (Trouble of : service.name().isEmpty() ? List.<Trouble>of() : ServiceTroubles.of(world, service)) {
                boolean isUnserved = of.what() == What.SERVICE_GONE || of.what() == What.NO_ENDPOINTS;
                isDead |= isUnserved && of.from() <= last.at() + last.patience();
                if (isUnserved && last.isJustBefore(of.from())) {
                    links.add(Link.to(of, tier, 0.96, "a webhook that must be asked about the node's Lease needs it"));
                }
            }
            for (Change change : world.changes(configuration.key())) {
                if (last.isJustBefore(change.at()) && begins(world, change, webhook, last.lease())) {
                    links.add(Link.to(
                            change,
                            isDead ? tier : Tier.B,
                            isDead ? 0.97 : 0.8,
                            "the webhook " + webhook.path("name").asText()
                                    + " must be asked about the node's Lease since"
                                    + (isDead ? ", and nobody answers" : "")));
                }
            }
        }
    }

    /** Whether other nodes reported later, of whose Leases a webhook has to be asked, too. */
    private static boolean areHeard(World world, JsonNode webhook, Heartbeat last, long until) {
        return world.keys(Types.LEASES, last.lease().key().namespace()).stream()
                .limit(MOST)
                .flatMap(key -> world.at(key, until).stream())
                .filter(lease ->
                        Version.time(lease.get("spec", "renewTime").asText(""), 0) > last.at() + last.patience())
                .anyMatch(lease -> takes(world, webhook, lease));
    }

    /** Whether a webhook has to be asked since a change, and had not to be before. */
    private static boolean begins(World world, Change change, JsonNode webhook, Version lease) {
        return change.operation() == Change.Operation.CREATED
                || (change.before() != null
                        && change.path().startsWith("webhooks")
                        && !takes(world, same(change.before(), webhook), lease)
                        && takes(world, same(change.after(), webhook), lease));
    }

    private static JsonNode same(Version configuration, JsonNode webhook) {
        for (JsonNode each : configuration.get("webhooks")) {
            if (each.path("name").equals(webhook.path("name"))) {
                return each;
            }
        }
        return configuration.get("webhooks").path(-1);
    }

    /** Whether nothing may be changed of a Lease without a webhook, as far as its rules and labels say. */
    private static boolean takes(World world, JsonNode webhook, Version lease) {
        boolean isListed = false;
        for (JsonNode rule : webhook.path("rules")) {
            isListed |= Selectors.lists(
                            rule.path("apiGroups"), lease.key().type().group())
                    && (Selectors.lists(
                                    rule.path("resources"), lease.key().type().resource())
                            || Selectors.lists(rule.path("resources"), "*/*"))
                    && Selectors.lists(rule.path("operations"), "UPDATE")
                    && !rule.path("scope").asText().equals("Cluster");
        }
        ObjectKey space = new ObjectKey(Types.NAMESPACES, "", lease.key().namespace());
        JsonNode spaces = webhook.path("namespaceSelector");
        boolean isTaken = spaces.isEmpty()
                || world.at(space, lease.at())
                        .filter(each -> Selectors.matches(spaces, Pods.labels(each)))
                        .isPresent();
        JsonNode objects = webhook.path("objectSelector");
        return isListed
                && isTaken
                && (objects.isEmpty() || Selectors.matches(objects, Pods.labels(lease)))
                && webhook.path("failurePolicy").asText("Fail").equals("Fail");
    }
}
