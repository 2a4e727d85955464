/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A webhook that cannot be called, or that says no. */
final class AdmissionWebhook extends PlainRule {

    private static final Pattern CALL = Pattern.compile("failed calling webhook \"([^\"]+)\"");
    private static final Pattern DENIED = Pattern.compile("admission webhook \"([^\"]+)\" denied");

    AdmissionWebhook() {
        super(
                "admission-webhook",
                "A pod was refused because a webhook could not be called, or denied it. Proved if the Service behind it is gone or has"
                        + " no endpoints; then its failurePolicy is part of the cause.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        Matcher call = CALL.matcher(trouble.text());
        Matcher denied = DENIED.matcher(trouble.text());
        List<Link> links = new ArrayList<>();
        boolean isCall = call.find();
        if (!isCall && !denied.find()) {
            return links;
        }
        String name = isCall ? call.group(1) : denied.group(1);
        for (ResourceType type : List.of(Types.MUTATING, Types.VALIDATING)) {
            for (Version configuration : world.list(type, "", trouble.from() + SLACK)) {
                for (JsonNode webhook : configuration.get("webhooks")) {
                    if (webhook.path("name").asText().equals(name)) {
                        backend(world, trouble, configuration, webhook, isCall, links);
                        settings(world, trouble, configuration, name, isCall, links);
                    }
                }
            }
        }
        return links;
    }

    private static void backend(
            World world, Trouble trouble, Version configuration, JsonNode webhook, boolean isCall, List<Link> links) {
        JsonNode reference = webhook.path("clientConfig").path("service");
        ObjectKey service = new ObjectKey(
                Types.SERVICES,
                reference.path("namespace").asText(),
                reference.path("name").asText());
        Change policy = Change.observed(
                configuration,
                "webhooks[name=" + webhook.path("name").asText() + "].failurePolicy",
                webhook.path("failurePolicy"),
                configuration.at());
        if (isCall) {
            for (Trouble of : ServiceTroubles.of(world, service)) {
                if (Rule.precedes(of.from(), trouble)) {
                    links.add(Link.to(
                                    of,
                                    Tier.A,
                                    0.97,
                                    "the webhook's Service does not answer, and its failurePolicy is "
                                            + webhook.path("failurePolicy").asText())
                            .with(List.of(policy)));
                }
            }
        }
        for (Change change : AdmissionDrift.sources(world, service)) {
            if (Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.B, isCall ? 0.5 : 0.7, "the webhook's backend reads it")
                        .with(List.of(policy)));
            }
        }
    }

    private static void settings(
            World world, Trouble trouble, Version configuration, String name, boolean isCall, List<Link> links) {
        for (Change change : world.changes(configuration.key())) {
            boolean isOf = change.operation() == Change.Operation.CREATED
                    || change.path().contains("[name=" + name + "]");
            if (isOf && !change.path().contains("caBundle") && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(
                        change, Tier.B, isCall ? 0.75 : 0.85, "the webhook is asked, or asked in another way, since"));
            }
        }
    }
}
