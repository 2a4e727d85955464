/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A value of the environment with which a container does not work. */
final class Environment extends TemplateRule {

    Environment() {
        super(
                "environment",
                "A variable of a container's environment was changed, and the container fails from its first start"
                        + " with it on; stronger if the message names the variable, its value, or a port that it named"
                        + " before. Or it is made of an amount of the container's resources that was changed.",
                and(RUNNING, What.OUT_OF_MEMORY));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (isMadeOf(trouble, field)) {
            return Optional.of(Link.to(
                    field.change(),
                    Tier.B,
                    0.85,
                    "a variable of the container is made of it, and has another value since"));
        }
        boolean isVariable = field.isOf(trouble) && field.starts("env", "envFrom");
        if (!isVariable || trouble.what() == What.OUT_OF_MEMORY) {
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
        named |= field.starts("envFrom") && isValueGone(world, trouble, field);
        boolean isSaid = Fitting.brings(trouble.text(), field.change());
        boolean isAdded = field.change().old() == null;
        boolean isFitting = Fitting.of(trouble, field.change());
        return Optional.of(Link.to(
                field.change(),
                Tier.B,
                named ? 0.95 : isSaid ? 0.8 : isFitting ? 0.66 : isAdded ? 0.5 : 0.62,
                "the container gets another environment since, and fails"));
    }

    /** Whether a variable of the container is an amount of its resources that was changed. */
    private static boolean isMadeOf(Trouble trouble, Templates.Field field) {
        JsonNode container = Pods.container(trouble.about().get("spec"), trouble.container());
        return field.isOf(trouble)
                && field.starts("resources")
                && container
                        .path("env")
                        .valueStream()
                        .map(each -> each.path("valueFrom")
                                .path("resourceFieldRef")
                                .path("resource")
                                .asText())
                        .anyMatch(resource -> field.tail().equals("resources." + resource));
    }

    /** Whether a variable had a value that the message names, and has another one, or is not there, since. */
    private static boolean isValueGone(World world, Trouble trouble, Templates.Field field) {
        if (field.change().before() == null) {
            return false;
        }
        Map<String, String> since = variables(world, trouble, field.change().after());
        return variables(world, trouble, field.change().before()).entrySet().stream()
                .anyMatch(each -> Rule.names(trouble.text(), each.getValue())
                        && !each.getValue().equals(since.get(each.getKey())));
    }

    /** Those that a container got from ConfigMaps, and as they are: what comes later wins. */
    private static Map<String, String> variables(World world, Trouble trouble, Version maker) {
        Map<String, String> found = new HashMap<>();
        JsonNode container = Pods.container(Pods.template(maker.body()).path("spec"), trouble.container());
        for (JsonNode from : container.path("envFrom")) {
            ObjectKey map = new ObjectKey(
                    Types.CONFIG_MAPS,
                    maker.key().namespace(),
                    from.path("configMapRef").path("name").asText());
            String prefix = from.path("prefix").asText("");
            world.at(map, maker.at()).ifPresent(version -> version.get("data")
                    .properties()
                    .forEach(each ->
                            found.put(prefix + each.getKey(), each.getValue().asText())));
        }
        container
                .path("env")
                .forEach(each ->
                        found.put(each.path("name").asText(), each.path("value").asText("")));
        return found;
    }
}
