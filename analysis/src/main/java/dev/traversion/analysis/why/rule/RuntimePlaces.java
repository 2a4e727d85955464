/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Nodes that the RuntimeClass of a pod asks for. */
final class RuntimePlaces extends PlainRule {

    RuntimePlaces() {
        super(
                "runtime-places",
                "No node takes a pod, whose RuntimeClass asks for other nodes since it was changed. Proved: some node takes the pod without"
                        + " what it asks for since, and none with it.",
                Set.of(What.UNSCHEDULABLE, What.START_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        JsonNode spec = pod.get("spec");
        String name = spec.path("runtimeClassName").asText("");
        for (Change change :
                name.isEmpty() ? List.<Change>of() : world.changes(new ObjectKey(Types.RUNTIMES, "", name))) {
            JsonNode asked = change.after().get("scheduling", "nodeSelector");
            boolean isInput = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("scheduling")
                    && change.at() <= pod.created() + SLACK
                    && isAskedBy(spec, asked);
            if (isInput) {
                ObjectNode earlier = spec.deepCopy();
                asked.properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(key -> !change.before()
                                .get("scheduling", "nodeSelector")
                                .has(key))
                        .forEach(earlier.withObjectProperty("nodeSelector")::remove);
                Fit fit = new Fit(world, trouble.from(), Set.of(pod.key()));
                boolean isProved = fit.knowsPods() && fit.any(earlier, pod) && !fit.any(spec, pod);
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        isProved ? 1 : 0.8,
                        "pods of that class need such a node since"));
            }
        }
        return links;
    }

    private static boolean isAskedBy(JsonNode spec, JsonNode labels) {
        return !labels.isEmpty()
                && labels.properties().stream()
                        .allMatch(each ->
                                spec.path("nodeSelector").path(each.getKey()).equals(each.getValue()));
    }
}
