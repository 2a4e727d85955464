/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What "why" said.
 *
 * @param outcome cause, unknown, healthy, absent or unrecorded
 * @param ranked causes, then candidates
 * @param tookMillis what the engine itself says
 * @param totalMillis the whole command, the start of its Java included
 */
public record Answer(
        String outcome, String summary, List<Ranked> ranked, long tookMillis, long totalMillis, long peakBytes) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param tier A, B or C */
    record Ranked(String tier, Cause cause) {}

    static Answer of(Program.Ended ended) throws IOException {
        if (ended.status() != 0) {
            throw new IllegalStateException("why failed: " + ended.err().strip());
        }
        JsonNode document = JSON.readTree(ended.out());
        List<Ranked> ranked = new ArrayList<>();
        for (String list : List.of("causes", "candidates")) {
            for (JsonNode each : document.path(list)) {
                ranked.add(new Ranked(each.path("tier").asText(), cause(each.path("change"))));
            }
        }
        return new Answer(
                document.path("outcome").asText(),
                document.path("summary").asText(),
                ranked,
                document.path("took").asLong(),
                ended.millis(),
                ended.peakBytes());
    }

    private static Cause cause(JsonNode change) {
        ObjectNode node = JSON.createObjectNode();
        node.setAll((ObjectNode) change.path("object"));
        node.put("operation", change.path("operation").asText());
        node.put("path", change.path("path").asText(""));
        node.put("manager", change.path("actor").path("manager").asText(""));
        return Cause.of(node);
    }

    /** From 1; 0 if none of them is right. */
    int rankOf(Predicate<Cause> right) {
        for (int i = 0; i < ranked.size(); i++) {
            if (right.test(ranked.get(i).cause())) {
                return i + 1;
            }
        }
        return 0;
    }
}
