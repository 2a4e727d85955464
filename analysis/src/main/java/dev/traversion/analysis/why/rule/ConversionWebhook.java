/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Custom resources that can be read in another version only through a webhook. */
final class ConversionWebhook extends PlainRule {

    ConversionWebhook() {
        super(
                "conversion-webhook",
                "A failing container, or its message, names custom resources in a version in which they are not stored, and the webhook"
                        + " that converts them is a Service that is gone, has no endpoints or never was. Proved: there are some, and they"
                        + " were converted without it, or by one that was there, before.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String asked =
                String.join(" ", Pods.texts(Pods.container(trouble.about().get("spec"), trouble.container())));
        for (ObjectKey key : world.keys(Types.DEFINITIONS, "")) {
            String group = key.name().substring(key.name().indexOf('.') + 1);
            if (trouble.text().contains(group) || asked.contains(group)) {
                world.at(key, trouble.from() + SLACK)
                        .ifPresent(definition -> judge(world, trouble, definition, group, asked, links));
            }
        }
        return links;
    }

    private static void judge(
            World world, Trouble trouble, Version definition, String group, String asked, List<Link> links) {
        boolean says = said(definition, group).matcher(trouble.text()).find();
        boolean isOther = false;
        for (JsonNode version : definition.get("spec", "versions")) {
            Pattern path =
                    ServedVersion.path(definition, group, version.path("name").asText());
            isOther |= !version.path("storage").asBoolean()
                    && (path.matcher(asked).find()
                            || path.matcher(trouble.text()).find());
        }
        ObjectKey service = service(definition);
        if (service.name().isEmpty() || !(says || isOther)) {
            return;
        }
        boolean isCalled = says
                || !world.list(new ResourceType(group, ServedVersion.plural(definition)), "", trouble.from())
                        .isEmpty();
        Tier tier = isCalled ? Tier.A : Tier.B;
        for (Trouble of : ServiceTroubles.of(world, service)) {
            if (Rule.precedes(of.from(), trouble)) {
                links.add(Link.to(of, tier, 0.95, "it converts what the container asks for"));
            }
        }
        boolean isNobody = world.knows(Types.SERVICES, service.namespace())
                && world.versions(service).isEmpty();
        for (Change change : isNobody ? world.changes(definition.key()) : List.<Change>of()) {
            if (change.path().startsWith("spec.conversion") && Rule.precedes(change.at(), trouble)) {
                ObjectKey before = service(change.before());
                boolean wasWell =
                        before.name().isEmpty() || world.at(before, change.at()).isPresent();
                links.add(Link.to(
                        change,
                        wasWell ? tier : Tier.B,
                        0.97,
                        "what the container asks for is converted by the Service " + service.path()
                                + ", which is not there"));
            }
        }
    }

    /** What the API server says if it cannot convert objects, or lists, of the kind. */
    private static Pattern said(Version definition, String group) {
        String kind = definition.get("spec", "names", "kind").asText();
        return Pattern.compile("conversion webhook for " + Pattern.quote(group) + "/\\w+, Kind=" + Pattern.quote(kind)
                + "(?:List)?(?!\\w)");
    }

    /** The Service that converts; one without a name if nobody has to. */
    private static ObjectKey service(Version definition) {
        JsonNode conversion = definition.get("spec", "conversion");
        JsonNode service = conversion.path("webhook").path("clientConfig").path("service");
        boolean isAsked = conversion.path("strategy").asText().equals("Webhook");
        return new ObjectKey(
                Types.SERVICES,
                service.path("namespace").asText(),
                isAsked ? service.path("name").asText() : "");
    }
}
