/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.World;
import java.util.function.Predicate;

/** Which of the fields that were changed together made the difference: the one without which all would be as before. */
final class Undoing {

    private Undoing() {}

    /**
     * Whether something that held before a version, and does not since, held if just the field of a change had been left alone; or no
     * single field decides.
     *
     * @param holds of an object
     */
    static boolean decides(World world, Change change, Predicate<JsonNode> holds) {
        return holds.test(without(change))
                || world.changes(change.key()).stream()
                        .filter(each -> each.operation() == Change.Operation.CHANGED)
                        .filter(each -> each.at() == change.at() && !each.path().equals(change.path()))
                        .noneMatch(each -> holds.test(without(each)));
    }

    /** An object after a change, with the value of before in that field. */
    static JsonNode without(Change change) {
        JsonNode copy = change.after().body().deepCopy();
        String path = change.path();
        int end = Fields.lastStep(path);
        JsonNode around = Fields.value(copy, path.substring(0, end));
        JsonNode then = Fields.value(change.before().body(), path.substring(0, end));
        if (around.isMissingNode() || then.isMissingNode()) {
            return copy;
        }
        JsonNode old = Fields.value(change.before().body(), path);
        JsonNode now = Fields.value(change.after().body(), path);
        if (around instanceof ObjectNode object) {
            String name = Fields.name(path.substring(end));
            if (old.isMissingNode()) {
                object.remove(name);
            } else {
                object.set(name, old);
            }
        } else if (around instanceof ArrayNode list) {
            replace(list, now, old);
        }
        return copy;
    }

    private static void replace(ArrayNode list, JsonNode now, JsonNode old) {
        for (int i = list.size() - 1; i >= 0; i--) {
            if (list.get(i).equals(now)) {
                list.remove(i);
                if (!old.isMissingNode()) {
                    list.insert(i, old);
                }
                return;
            }
        }
        if (now.isMissingNode()) {
            list.add(old);
        }
    }
}
