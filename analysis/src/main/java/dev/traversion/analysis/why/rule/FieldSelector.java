/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A field of custom resources by which programs ask for some of them. */
final class FieldSelector extends PlainRule {

    /** What the API server answers. */
    private static final Pattern UNKNOWN = Pattern.compile("field label not supported: ([\\w.]+)");

    FieldSelector() {
        super(
                "field-selector",
                "A container fails since it asks for custom resources by a field by which they cannot be selected any more. Proved: their"
                        + " definition had it among the selectableFields before it was changed.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Matcher unknown = UNKNOWN.matcher(trouble.text());
        if (!unknown.find()) {
            return links;
        }
        String path = "." + unknown.group(1);
        for (Change change : world.changes(Types.DEFINITIONS, "")) {
            boolean isNamed =
                    trouble.text().contains(change.after().get("spec", "group").asText())
                            && trouble.text().contains("/" + ServedVersion.plural(change.after()));
            boolean isInput = change.operation() == Change.Operation.CHANGED
                    && change.path().contains("selectableFields")
                    && Rule.precedes(change.at(), trouble);
            if (isNamed
                    && isInput
                    && selects(change.before(), path)
                    && Fields.stands(world, change, trouble.from(), definition -> !selects(definition, path))) {
                links.add(Link.to(change, Tier.A, 1, "nobody may select by " + path + " any more"));
            }
        }
        return links;
    }

    private static boolean selects(Version definition, String path) {
        return definition.get("spec", "versions").findValues("selectableFields").stream()
                .flatMap(fields -> fields.valueStream())
                .anyMatch(field -> field.path("jsonPath").asText().equals(path));
    }
}
