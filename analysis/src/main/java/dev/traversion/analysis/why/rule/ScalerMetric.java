/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An autoscaler that cannot tell how busy its pods are. */
final class ScalerMetric extends PlainRule {

    ScalerMetric() {
        super(
                "scaler-metric",
                "A HorizontalPodAutoscaler cannot compute use because containers ask for nothing, or finds nothing to scale. Proved: it was"
                        + " not so before the change. Or the definition of what it is to scale does not say how any more.",
                Set.of(What.SCALING_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        JsonNode target = trouble.about().get("spec", "scaleTargetRef");
        ObjectKey key = new ObjectKey(
                Types.of(target.path("apiVersion").asText(), target.path("kind").asText()),
                trouble.about().key().namespace(),
                target.path("name").asText());
        boolean asks = trouble.text().contains("missing request for");
        for (Change change : world.changes(key)) {
            boolean isRequest = change.path().contains(".resources") && change.operation() == Change.Operation.CHANGED;
            boolean isGone = change.operation() == Change.Operation.DELETED
                    && world.at(key, trouble.from()).isEmpty();
            if (isRequest && Rule.precedes(change.at(), trouble)) {
                boolean proved = hasAll(change.before())
                        && Fields.stands(world, change, trouble.from(), maker -> !hasAll(maker))
                        && !hasAll(change.after());
                links.add(Link.to(
                        change,
                        proved && asks ? Tier.A : Tier.B,
                        proved ? 1 : 0.5,
                        "without requests, how busy the pods are cannot be told"));
            } else if (isGone && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.A, 1, "what it scales was deleted"));
            }
        }
        unscalable(world, trouble, key, links);
        for (Change change : world.changes(trouble.about().key())) {
            // Whoever never could compute anything was not harmed by another target.
            boolean isSpoilt = change.operation() == Change.Operation.CREATED || couldScale(world, change);
            if (change.path().startsWith("spec.metrics") || change.path().startsWith("spec.scaleTargetRef")) {
                boolean isProved = change.path().startsWith("spec.scaleTargetRef")
                        && change.operation() == Change.Operation.CHANGED
                        && isThere(world, change.before(), change.at())
                        && !isThere(world, change.after(), trouble.from() + SLACK);
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : isSpoilt ? Tier.B : Tier.C,
                        isProved ? 1 : 0.8,
                        isProved ? "what it is to scale is not there" : "it looks at another metric or target since"));
            }
        }
        return links;
    }

    /** A custom resource whose definition does not say any more how it is scaled. */
    private static void unscalable(World world, Trouble trouble, ObjectKey target, List<Link> links) {
        ObjectKey definition = new ObjectKey(
                Types.DEFINITIONS,
                "",
                target.type().resource() + "." + target.type().group());
        for (Change change : world.changes(definition)) {
            boolean isScale = change.operation() == Change.Operation.CHANGED
                    && change.path().contains(".subresources")
                    && change.before().get("spec", "versions").toString().contains("specReplicasPath")
                    && !change.after().get("spec", "versions").toString().contains("specReplicasPath");
            if (isScale && Rule.precedes(change.at(), trouble) && trouble.text().contains("scale")) {
                links.add(Link.to(change, Tier.A, 1, "what it scales cannot be scaled any more"));
            }
        }
    }

    private static boolean isThere(World world, Version scaler, long time) {
        JsonNode target = scaler.get("spec", "scaleTargetRef");
        ResourceType type =
                Types.of(target.path("apiVersion").asText(), target.path("kind").asText());
        String namespace = scaler.key().namespace();
        ObjectKey key = new ObjectKey(type, namespace, target.path("name").asText());
        return !world.knows(type, namespace) || world.at(key, time).isPresent();
    }

    /** Whether an autoscaler could compute something before a change of it. */
    private static boolean couldScale(World world, Change change) {
        return world.versions(change.key()).stream()
                .filter(version -> version.at() < change.at())
                .anyMatch(version -> Pods.condition(version, "ScalingActive")
                        .path("status")
                        .asText()
                        .equals("True"));
    }

    private static boolean hasAll(Version maker) {
        for (JsonNode container : Pods.template(maker.body()).path("spec").path("containers")) {
            JsonNode resources = container.path("resources");
            if (!resources.path("requests").has("cpu")
                    && !resources.path("limits").has("cpu")) {
                return false;
            }
        }
        return true;
    }
}
