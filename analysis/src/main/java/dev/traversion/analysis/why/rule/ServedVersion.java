/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A version of custom resources that programs ask for, and that is not served. */
final class ServedVersion extends PlainRule {

    ServedVersion() {
        super(
                "served-version",
                "A failing container, or its message, names a group of custom resources, of which a version, or all, is not served any"
                        + " more. Proved if the container names just that version of them.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        String said = trouble.text();
        String asked =
                String.join(" ", Pods.texts(Pods.container(trouble.about().get("spec"), trouble.container())));
        for (Change change : world.changes(Types.DEFINITIONS, "")) {
            String group = change.after().get("spec", "group").asText();
            boolean isNamed = said.contains(group) || asked.contains(group);
            if (group.isEmpty() || !isNamed || !Rule.precedes(change.at(), trouble)) {
                continue;
            }
            boolean isGone = change.operation() == Change.Operation.DELETED;
            for (JsonNode version : change.before() == null
                    ? change.after().get("none")
                    : change.before().get("spec", "versions")) {
                String name = version.path("name").asText();
                boolean ends = version.path("served").asBoolean()
                        && !isServedAt(world, change, name, trouble.from())
                        && (isGone || !isServed(change.after(), name))
                        && (isGone || change.path().startsWith("spec.versions"));
                if (ends) {
                    boolean isProved =
                            path(change.after(), group, name).matcher(asked).find();
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            isProved ? 1 : 0.8,
                            "the API server does not serve " + group + "/" + name + " any more"));
                }
            }
        }
        return links;
    }

    /** Where the objects of a definition are asked for in a version; those of another kind of the group are not meant. */
    static Pattern path(Version definition, String group, String version) {
        return Pattern.compile("/apis/" + Pattern.quote(group + "/" + version) + "/(?:namespaces/[^/\\s]+/)?"
                + Pattern.quote(plural(definition)) + "(?![\\w.-])");
    }

    static String plural(Version definition) {
        return definition.key().name().substring(0, definition.key().name().indexOf('.'));
    }

    private static boolean isServedAt(World world, Change change, String name, long time) {
        return change.at() <= time
                && world.at(change.key(), time)
                        .filter(definition -> isServed(definition, name))
                        .isPresent();
    }

    private static boolean isServed(Version definition, String name) {
        for (JsonNode version : definition.get("spec", "versions")) {
            if (version.path("name").asText().equals(name)) {
                return version.path("served").asBoolean();
            }
        }
        return false;
    }
}
