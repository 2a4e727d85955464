/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.Optional;

/** A value of the environment with which a container does not work. */
final class Environment extends TemplateRule {

    Environment() {
        super(
                "environment",
                "A variable of a container's environment was changed, and the container fails from its first start"
                        + " with it on; stronger if the message names the variable, its value, or a port that it named"
                        + " before.",
                RUNNING);
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (!field.isOf(trouble) || !field.starts("env", "envFrom")) {
            return Optional.empty();
        }
        JsonNode now = field.change().now();
        String value = now == null ? "" : now.isObject() ? now.path("value").asText("") : now.asText("");
        String variable = field.tail().replaceFirst("^env\\[name=([^\\]]*)\\].*", "$1");
        boolean named = Rule.names(trouble.text(), value) || Rule.names(trouble.text(), variable);
        for (JsonNode each : now != null && now.isArray() ? now : MissingNode.getInstance()) {
            named |= Rule.names(trouble.text(), each.path("value").asText(""))
                    || Rule.names(trouble.text(), each.path("name").asText());
        }
        named |= Ports.leaves(trouble.text(), field.change());
        boolean isAdded = field.change().old() == null;
        boolean isFitting = Fitting.of(trouble, field.change());
        return Optional.of(Link.to(
                field.change(),
                Tier.B,
                named ? 0.95 : isFitting ? 0.66 : isAdded ? 0.5 : 0.62,
                "the container gets another environment since, and fails"));
    }
}
