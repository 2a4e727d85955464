/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Variables that admission puts into pods, and their template does not have. */
final class AdmittedVariables extends PlainRule {

    AdmittedVariables() {
        super(
                "admitted-variables",
                "A failing container has a variable that its template does not have, or not with this value, and a mutating policy or"
                        + " webhook, or what the webhook's backend reads, was changed before, which brought the value. Proved if pods of"
                        + " the same template were made without it before.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        Map<String, String> put =
                pod.key().type().equals(Types.PODS) ? put(world, pod, trouble.container()) : Map.<String, String>of();
        for (Change change : put.isEmpty() ? List.<Change>of() : changes(world, pod.created() + SLACK)) {
            if (change.at() <= pod.created() + SLACK && change.operation() != Change.Operation.DELETED) {
                put.forEach((name, value) -> {
                    if (brought(change, name, value)) {
                        link(world, trouble, change, Map.entry(name, value), links);
                    }
                });
            }
        }
        return links;
    }

    private static List<Change> changes(World world, long until) {
        List<Change> found = new ArrayList<>(AdmissionDrift.policies(world));
        for (Change change : world.changes(Types.MUTATING, "")) {
            if (!change.path().startsWith("metadata")) {
                found.add(change);
            }
        }
        for (Version configuration : world.list(Types.MUTATING, "", until)) {
            for (JsonNode webhook : configuration.get("webhooks")) {
                JsonNode service = webhook.path("clientConfig").path("service");
                found.addAll(AdmissionDrift.sources(
                        world,
                        new ObjectKey(
                                Types.SERVICES,
                                service.path("namespace").asText(),
                                service.path("name").asText())));
            }
        }
        return found;
    }

    /** Unless a pod was made with it before the change, or one without it after it. */
    private static void link(
            World world, Trouble trouble, Change change, Map.Entry<String, String> variable, List<Link> links) {
        Version pod = trouble.about();
        boolean isProved = false;
        for (ObjectKey key : WorkloadTroubles.family(world, Templates.maker(world, pod))) {
            Version other = world.versions(key).getFirst();
            if (!key.type().equals(Types.PODS) || other.created() >= pod.created()) {
                continue;
            }
            boolean has = variable.getValue()
                    .equals(put(world, other, trouble.container()).get(variable.getKey()));
            boolean isBefore = other.created() + SLACK < change.at();
            // Of one in between it cannot be told.
            boolean isAfter = other.created() > change.at() + SLACK;
            if (has ? isBefore : isAfter) {
                return;
            }
            isProved |= isBefore && Templates.areAlike(world, pod, other);
        }
        isProved &= !Templates.wasWellSince(world, trouble, change.at());
        links.add(Link.to(
                change,
                isProved ? Tier.A : Tier.B,
                isProved ? 0.95 : 0.7,
                "the container gets " + variable.getKey() + "=" + variable.getValue()
                        + " by it, which its template does not have"));
    }

    private static boolean brought(Change change, String name, String value) {
        Pattern whole = Pattern.compile("(?<![A-Za-z0-9])" + Pattern.quote(value) + "(?![A-Za-z0-9])");
        JsonNode now =
                change.operation() == Change.Operation.CREATED ? change.after().wish() : change.now();
        return !value.isEmpty()
                && now != null
                && whole.matcher(now.toString()).find()
                && (change.old() == null
                        || !whole.matcher(change.old().toString()).find())
                && change.after().wish().toString().contains(name);
    }

    /** The variables of a container that are not, or not so, in what its controller made it of. */
    private static Map<String, String> put(World world, Version pod, String container) {
        Map<String, String> found = new LinkedHashMap<>();
        JsonNode asked = world.controller(pod)
                .flatMap(controller -> world.at(controller.key(), pod.created() + SLACK))
                .map(maker -> Pods.container(Pods.template(maker.body()).path("spec"), container))
                .filter(each -> !each.isMissingNode())
                .orElse(null);
        if (asked != null) {
            for (JsonNode each : Pods.container(pod.get("spec"), container).path("env")) {
                found.put(each.path("name").asText(), each.path("value").asText(""));
            }
            for (JsonNode each : asked.path("env")) {
                found.remove(each.path("name").asText(), each.path("value").asText(""));
            }
        }
        return found;
    }
}
