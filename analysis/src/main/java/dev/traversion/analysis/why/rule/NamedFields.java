/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What was changed of a template that expressions of those who admit its pods ask about. */
final class NamedFields {

    private static final List<String> MAPS = List.of("labels", "annotations");

    /** What looks at all labels, whatever their names are. */
    private static final Pattern ALL =
            Pattern.compile("(?:labels|annotations)\\s*\\.\\s*(?:all|exists|exists_one|filter|map|size)\\(|size\\(");

    /** The steps at the end of a path that lead into lists. */
    private static final Pattern ELEMENT = Pattern.compile("(?:\\[(?:\\w+=[^\\]]*|\\d+)\\])+$");

    private NamedFields() {}

    /** Whether expressions look at labels or annotations that they do not name. */
    static boolean asksForAll(JsonNode rules) {
        return ALL.matcher(expressions(rules)).find();
    }

    /** Labels and annotations that were changed, and have been so until what is refused was made. */
    static List<Change> labels(World world, Trouble trouble, JsonNode rules) {
        String expressions = expressions(rules);
        return metadata(world, trouble).stream()
                .filter(change -> keys(change).stream().anyMatch(key -> isLabel(expressions, key)))
                .toList();
    }

    /** Fields of the spec that were changed. */
    static List<Change> spec(World world, Trouble trouble, JsonNode rules) {
        String expressions = expressions(rules);
        List<Change> found = new ArrayList<>();
        for (Templates.Field field :
                expressions.isEmpty() ? List.<Templates.Field>of() : Templates.of(world, trouble)) {
            // Of an element of a list, the list is what they name.
            String path = ELEMENT.matcher(field.change().path()).replaceFirst("");
            String name = Fields.name(path.substring(Fields.lastStep(path)));
            boolean isNamed = field.change().operation() == Change.Operation.CHANGED
                    && !field.tail().startsWith("metadata")
                    && Pattern.compile("\\.\\??" + Pattern.quote(name) + "\\b")
                            .matcher(expressions)
                            .find();
            if (isNamed) {
                found.add(field.change());
            }
        }
        return found;
    }

    /** All changes of labels and annotations of what is refused. */
    static List<Change> metadata(World world, Trouble trouble) {
        Version maker = Templates.maker(world, trouble.about());
        boolean isAlone = maker.key().equals(trouble.about().key());
        long until = isAlone ? trouble.from() : trouble.about().created() + Rule.SLACK / 2;
        return world.changes(maker.key()).stream()
                .filter(change -> change.operation() == Change.Operation.CHANGED
                        && change.path().startsWith(prefix(trouble, maker))
                        && Rule.precedes(change.at(), trouble)
                        && (isAlone || change.at() <= until + Rule.SLACK / 2)
                        && Fields.stands(world, change, until))
                .toList();
    }

    private static String prefix(Trouble trouble, Version maker) {
        return trouble.about().key().type().equals(Types.CRON_JOBS)
                ? "spec.jobTemplate.metadata."
                : Templates.prefix(maker.body()) + "metadata.";
    }

    /** The keys of the labels or annotations that a change is about. */
    static Set<String> keys(Change change) {
        Set<String> found = new LinkedHashSet<>();
        for (String map : MAPS) {
            if (change.path().endsWith("metadata." + map)) {
                for (JsonNode each : new JsonNode[] {change.old(), change.now()}) {
                    if (each != null) {
                        each.fieldNames().forEachRemaining(found::add);
                    }
                }
                return found;
            }
        }
        found.add(Fields.name(change.path().substring(Fields.lastStep(change.path()))));
        return found;
    }

    private static boolean isLabel(String expressions, String key) {
        String quoted = Pattern.quote(key);
        return Pattern.compile("['\"]" + quoted + "['\"]|(?:labels|annotations)\\.\\??" + quoted + "\\b")
                .matcher(expressions)
                .find();
    }

    private static String expressions(JsonNode rules) {
        return String.join("\n", rules.findValuesAsText("expression"));
    }
}
