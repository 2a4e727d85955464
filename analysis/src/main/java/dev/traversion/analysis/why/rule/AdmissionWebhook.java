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
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
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
    private static final Pattern CALLED = Pattern.compile("https://([a-z0-9-]+)\\.([a-z0-9-]+)\\.svc[:/]");
    private static final Pattern DENIED = Pattern.compile("admission webhook \"([^\"]+)\" denied");

    AdmissionWebhook() {
        super(
                "admission-webhook",
                "A pod was refused because a webhook could not be called, or denied it. Proved if the Service behind it is gone or has"
                        + " no endpoints; then its failurePolicy is part of the cause. Proved, too, if calls that failed were"
                        + " passed over until its failurePolicy was changed, and nothing of it, or behind it, became other since."
                        + " Where its certificate is not trusted, what was changed of its caBundle or Secret counts. Proved, too, if"
                        + " the labels with which its selectors take the namespace, or the pods, were set before, and nothing of the"
                        + " webhook became other since. Or a label or an annotation of the template was changed that its matchConditions"
                        + " name. That it denies is near only to how it is asked if others of the workload were let in since.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        boolean isCall = CALL.matcher(trouble.text()).find();
        List<Link> links = new ArrayList<>();
        for (Asked asked : asked(world, trouble)) {
            backend(world, trouble, asked, isCall, links);
            settings(world, trouble, asked, isCall, links);
            taken(world, trouble, asked, links);
            for (Change change :
                    NamedFields.labels(world, trouble, asked.webhook().path("matchConditions"))) {
                links.add(Link.to(change, Tier.B, 0.9, "the webhook's matchConditions ask about it"));
            }
        }
        return links;
    }

    /**
     * A webhook that a message names.
     *
     * @param path of it in its configuration
     */
    record Asked(Version configuration, JsonNode webhook, String path, ObjectKey service) {}

    /** The webhooks that the message of a refusal names. */
    static List<Asked> asked(World world, Trouble trouble) {
        Matcher call = CALL.matcher(trouble.text());
        Matcher denied = DENIED.matcher(trouble.text());
        List<Asked> found = new ArrayList<>();
        String name = call.find() ? call.group(1) : denied.find() ? denied.group(1) : "";
        for (ResourceType type : name.isEmpty() ? List.<ResourceType>of() : List.of(Types.MUTATING, Types.VALIDATING)) {
            for (Version configuration : world.list(type, "", trouble.from() + SLACK)) {
                for (JsonNode webhook : configuration.get("webhooks")) {
                    JsonNode reference = webhook.path("clientConfig").path("service");
                    ObjectKey service = new ObjectKey(
                            Types.SERVICES,
                            reference.path("namespace").asText(),
                            reference.path("name").asText());
                    if (webhook.path("name").asText().equals(name) && isMeant(world, trouble, webhook, service)) {
                        found.add(new Asked(configuration, webhook, "webhooks[name=" + name + "]", service));
                    }
                }
            }
        }
        return found;
    }

    /** Several may have the same name: whether this one is asked about the namespace, and leads to where the message says. */
    private static boolean isMeant(World world, Trouble trouble, JsonNode webhook, ObjectKey service) {
        Matcher called = CALLED.matcher(trouble.text());
        // One that is called by a URL has no Service.
        boolean isCalled = service.name().isEmpty()
                || !called.find()
                || (called.group(1).equals(service.name()) && called.group(2).equals(service.namespace()));
        JsonNode selector = webhook.path("namespaceSelector");
        ObjectKey space =
                new ObjectKey(Types.NAMESPACES, "", trouble.about().key().namespace());
        return isCalled
                && (selector.isMissingNode()
                        || world.at(space, trouble.from() + SLACK)
                                .map(each -> Selectors.matches(selector, Pods.labels(each)))
                                .orElse(true));
    }

    /** Whether a call failed for a certificate. */
    private static boolean isOfTrust(Trouble trouble) {
        return trouble.text().contains("x509") || trouble.text().contains("certificate");
    }

    private static void backend(World world, Trouble trouble, Asked asked, boolean isCall, List<Link> links) {
        JsonNode webhook = asked.webhook();
        ObjectKey service = asked.service();
        Change policy = Change.observed(
                asked.configuration(),
                asked.path() + ".failurePolicy",
                webhook.path("failurePolicy"),
                asked.configuration().at());
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
                boolean isSecret = isOfTrust(trouble) && change.key().type().equals(Types.SECRETS);
                links.add(
                        Link.to(change, Tier.B, isSecret ? 0.93 : isCall ? 0.5 : 0.7, "the webhook's backend reads it")
                                .with(List.of(policy)));
            }
        }
    }

    private static void settings(World world, Trouble trouble, Asked asked, boolean isCall, List<Link> links) {
        for (Change change : world.changes(asked.configuration().key())) {
            boolean isOf = change.operation() == Change.Operation.CREATED
                    || change.path().contains(asked.path().substring("webhooks".length()));
            boolean isTrust = change.path().contains("caBundle");
            boolean counts = !isTrust || (isCall && isOfTrust(trouble));
            if (isOf && counts && Rule.precedes(change.at(), trouble)) {
                boolean isProved = isCall && isMadeMandatory(world, trouble, asked, change);
                boolean isOld = !isCall && Admitted.since(world, trouble, change);
                links.add(Link.to(
                        change,
                        isOld ? Tier.C : isProved ? Tier.A : Tier.B,
                        isProved ? 1 : isTrust ? 0.95 : isCall ? 0.75 : 0.85,
                        isProved
                                ? "a call that fails was passed over before, and is a refusal since"
                                : isTrust
                                        ? "its backend is trusted by other certificates since"
                                        : "the webhook is asked, or asked in another way, since"));
            }
        }
    }

    /** Whether failures of calls count since a change, nothing of the webhook became other since, and no pod was let in. */
    private static boolean isMadeMandatory(World world, Trouble trouble, Asked asked, Change change) {
        return change.path().equals(asked.path() + ".failurePolicy")
                && change.old() != null
                && change.old().asText().equals("Ignore")
                && change.now() != null
                && change.now().asText().equals("Fail")
                && !trouble.text().contains("expired")
                && ServiceTroubles.of(world, asked.service()).stream().noneMatch(of -> of.from() > change.at())
                && AdmissionDrift.sources(world, asked.service()).stream()
                        .noneMatch(each -> each.at() > change.at() && Rule.precedes(each.at(), trouble))
                && !wasWell(world, trouble, asked, change.at());
    }

    /** Labels with which a namespace, or the pods of a template, became what the webhook is asked about. */
    private static void taken(World world, Trouble trouble, Asked asked, List<Link> links) {
        List<Link> found = new ArrayList<>();
        String space = trouble.about().key().namespace();
        for (Change change : world.changes(new ObjectKey(Types.NAMESPACES, "", space))) {
            boolean isLabel = change.before() != null && change.path().startsWith("metadata.labels");
            if (isLabel && Rule.precedes(change.at(), trouble)) {
                JsonNode before = Pods.labels(change.before());
                takes(asked, "namespaceSelector", change, before, Pods.labels(change.after()), found);
            }
        }
        Version maker = Templates.maker(world, trouble.about());
        for (Change change : world.changes(maker.key())) {
            boolean isLabel = change.before() != null
                    && change.path().startsWith(Templates.prefix(maker.body()) + "metadata.labels");
            if (isLabel && Rule.precedes(change.at(), trouble)) {
                takes(asked, "objectSelector", change, labels(change.before()), labels(change.after()), found);
            }
        }
        for (Link link : found) {
            boolean wasWell = wasWell(world, trouble, asked, link.change().at());
            links.add(wasWell ? Link.to(link.change(), Tier.B, 0.5, link.text()) : link);
        }
    }

    /** Whether something of a webhook, or behind it, became other after a moment, or pods were made in spite of it. */
    private static boolean wasWell(World world, Trouble trouble, Asked asked, long since) {
        boolean isLater = ServiceTroubles.of(world, asked.service()).stream().anyMatch(of -> of.from() > since + SLACK);
        for (Change change : world.changes(asked.configuration().key())) {
            isLater |= change.at() > since && Rule.precedes(change.at(), trouble);
        }
        return isLater
                || WorkloadTroubles.family(world, Templates.maker(world, trouble.about())).stream()
                        .filter(key -> key.type().equals(Types.PODS))
                        .map(key -> world.versions(key).getFirst().created())
                        .anyMatch(made -> made > since && made < trouble.from() - SLACK);
    }

    private static JsonNode labels(Version maker) {
        return Pods.template(maker.body()).path("metadata").path("labels");
    }

    private static void takes(
            Asked asked, String by, Change change, JsonNode before, JsonNode after, List<Link> links) {
        JsonNode selector = asked.webhook().path(by);
        boolean isOfIt = Selectors.asksFor(selector, change.path());
        if (isOfIt && !Selectors.matches(selector, before) && Selectors.matches(selector, after)) {
            links.add(Link.to(change, Tier.A, 1, "the webhook's " + by + " takes it since, and so it is asked"));
        }
    }
}
