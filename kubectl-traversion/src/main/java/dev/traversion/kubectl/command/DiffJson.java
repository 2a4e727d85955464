/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.Diff;
import dev.traversion.analysis.FieldChange;
import dev.traversion.analysis.ObjectChange;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.Times;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** A diff for programs, as JSON or YAML. */
final class DiffJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private DiffJson() {}

    static String yaml(ObjectNode root) {
        DumpSettings settings =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings)
                .dumpToString(JSON.convertValue(root, Object.class))
                .stripTrailing();
    }

    static ObjectNode of(Instant from, Instant to, List<ObjectChange> changes, Diff.Summary summary) {
        ObjectNode root = JSON.createObjectNode();
        root.put("from", from.toString()).put("to", to.toString());
        ArrayNode objects = root.putArray("objects");
        changes.forEach(change -> object(objects.addObject(), change));
        root.putObject("summary")
                .put("added", summary.added())
                .put("removed", summary.removed())
                .put("changed", summary.changed())
                .put("foldedFields", summary.foldedFields())
                .put("foldedObjects", summary.foldedObjects())
                .put("events", summary.events());
        ArrayNode gaps = root.putArray("gaps");
        for (CoverageInterval gap : summary.gaps()) {
            gaps.addObject()
                    .put("resource", gap.type().toString())
                    .put("from", Times.instant(gap.from()).toString())
                    .put(
                            "to",
                            gap.to() == Long.MAX_VALUE
                                    ? null
                                    : Times.instant(gap.to()).toString())
                    .put("reason", gap.reason());
        }
        return root;
    }

    private static void object(ObjectNode object, ObjectChange change) {
        object.put("resource", change.key().type().toString())
                .put("kind", change.kind())
                .put("namespace", change.key().namespace())
                .put("name", change.key().name())
                .put("change", change.type().name().toLowerCase(Locale.ROOT))
                .put("observedAt", Times.instant(change.observedAt()).toString())
                .put("manager", change.manager())
                .put("foldedFields", change.folded());
        ArrayNode fields = object.putArray("fields");
        for (FieldChange field : change.fields()) {
            ObjectNode node = fields.addObject().put("path", field.path());
            if (field.before() != null) {
                node.set("before", field.before());
            }
            if (field.after() != null) {
                node.set("after", field.after());
            }
            node.put("manager", field.manager()).put("time", field.time());
        }
    }
}
