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
import java.util.Set;

/** What a RuntimeClass adds to what a pod asks for. */
final class RuntimeOverhead extends PlainRule {

    RuntimeOverhead() {
        super(
                "runtime-overhead",
                "No node takes a pod, to whose requests its RuntimeClass adds more since it was changed. Proved: some node takes the pod"
                        + " with what was added before, and none with what is added since.",
                Set.of(What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        JsonNode spec = pod.get("spec");
        String name = spec.path("runtimeClassName").asText("");
        if (name.isEmpty() || !spec.has("overhead")) {
            return links;
        }
        Fit fit = new Fit(world, trouble.from(), Set.of(pod.key()));
        for (Change change : world.changes(new ObjectKey(Types.RUNTIMES, "", name))) {
            boolean isInput = change.operation() == Change.Operation.CHANGED
                    && change.path().startsWith("overhead")
                    && change.at() <= pod.created() + SLACK;
            if (isInput && overhead(change.after()).equals(spec.path("overhead"))) {
                ObjectNode earlier = spec.deepCopy();
                earlier.set("overhead", overhead(change.before()));
                boolean proved = fit.knowsPods() && fit.any(earlier, pod) && !fit.any(spec, pod);
                links.add(Link.to(
                        change, proved ? Tier.A : Tier.B, proved ? 1 : 0.6, "it is added to what the pod asks for"));
            }
        }
        return links;
    }

    private static JsonNode overhead(Version runtime) {
        return runtime.get("overhead", "podFixed");
    }
}
