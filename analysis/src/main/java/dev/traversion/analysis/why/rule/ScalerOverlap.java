/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.OtherTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An autoscaler that came to pods which had one. */
final class ScalerOverlap extends PlainRule {

    ScalerOverlap() {
        super(
                "scaler-overlap",
                "HorizontalPodAutoscalers that select the same pods scale none: one of those that the message names was created, or got"
                        + " another target, when another one was there. Proved if both scale the same since.",
                Set.of(What.SCALING_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!trouble.container().equals(OtherTroubles.AMBIGUOUS)) {
            return links;
        }
        String namespace = trouble.about().key().namespace();
        List<String> words = List.of(trouble.text().split("[\\s,\\[\\]]+"));
        List<ObjectKey> named = world.keys(Types.SCALERS, namespace).stream()
                .filter(key -> words.contains(namespace + "/" + key.name()))
                .toList();
        for (ObjectKey key : named) {
            for (Change change : world.changes(key)) {
                List<Version> others = named.stream()
                        .filter(other -> !other.equals(key))
                        .flatMap(other -> world.at(other, change.at()).stream())
                        .toList();
                boolean isWish = change.operation() == Change.Operation.CREATED
                        || change.path().startsWith("spec.scaleTargetRef");
                if (isWish && !others.isEmpty() && Rule.precedes(change.at(), trouble)) {
                    boolean isProved = others.stream().anyMatch(other -> meets(world, change, target(other), trouble));
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            isProved ? 1 : 0.9,
                            "it scales what another autoscaler does, so neither acts"));
                }
            }
        }
        return links;
    }

    /** Whether an autoscaler scales what another one does since a change, and did not before. */
    private static boolean meets(World world, Change change, JsonNode target, Trouble trouble) {
        boolean did = change.before() != null && target(change.before()).equals(target);
        return !did
                && Fields.stands(world, change, trouble.from(), version -> target(version)
                        .equals(target));
    }

    private static JsonNode target(Version scaler) {
        return scaler.get("spec", "scaleTargetRef");
    }
}
