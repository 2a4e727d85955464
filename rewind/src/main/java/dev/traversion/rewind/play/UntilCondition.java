/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.play;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.analysis.FirstMoment;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.table.JsonPath;
import java.io.IOException;

/** What {@code --until} waits for, written as {@code kubectl wait --for} takes it. */
public final class UntilCondition {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONDITION = "condition=";
    private static final String PATH = "jsonpath=";

    private UntilCondition() {}

    /**
     * Reads {@code create}, {@code delete}, {@code condition=NAME[=VALUE]} or <code>jsonpath={PATH}[=VALUE]</code>.
     *
     * @throws TraversionException if it is none of these
     */
    public static FirstMoment.Condition parse(String text) {
        if (text.equals("create")) {
            return version -> version.operation() == Operation.ADDED;
        }
        if (text.equals("delete")) {
            return version -> version.operation() == Operation.DELETED;
        }
        if (text.startsWith(CONDITION) && text.length() > CONDITION.length()) {
            String[] parts = text.substring(CONDITION.length()).split("=", 2);
            return ofCondition(parts[0], parts.length == 2 ? parts[1] : "true");
        }
        if (text.startsWith(PATH)) {
            return ofPath(text.substring(PATH.length()));
        }
        throw new TraversionException("\"" + text + "\" is nothing to wait for. Write condition=Ready=false,"
                + " jsonpath='{.status.phase}'=Running, create or delete, as for kubectl wait.");
    }

    private static FirstMoment.Condition ofCondition(String name, String value) {
        return version -> {
            for (JsonNode condition : read(version).path("status").path("conditions")) {
                if (condition.path("type").asText().equalsIgnoreCase(name)
                        && condition.path("status").asText().equalsIgnoreCase(value)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static FirstMoment.Condition ofPath(String text) {
        int end = text.startsWith("{") ? text.indexOf('}') + 1 : text.indexOf('=');
        String path = (end <= 0 ? text : text.substring(0, end)).replaceAll("^\\{|\\}$", "");
        String rest = end <= 0 ? "" : text.substring(end);
        JsonPath parsed = JsonPath.of(path);
        return version -> parsed.first(read(version))
                .map(value -> rest.isEmpty() || value.asText().equals(rest.substring(1)))
                .orElse(false);
    }

    private static JsonNode read(ObjectVersion version) throws IOException {
        return version.operation() == Operation.DELETED || version.bodyLength() == 0
                ? JSON.missingNode()
                : JSON.readTree(version.body());
    }
}
