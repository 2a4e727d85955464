/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A line about a cause between those of a timeline.
 *
 * @param at ns
 */
record CauseMark(long at, String text) {

    /**
     * The steps of a verdict, from the change to the symptom, or one for each incident.
     *
     * @param answer as {@code why} gives it
     * @return by time
     */
    static List<CauseMark> of(JsonNode answer) {
        List<CauseMark> marks = new ArrayList<>();
        JsonNode verdict = answer.path("verdict");
        String how = verdict.path("tier").asText();
        for (JsonNode step : verdict.path("chain")) {
            String text = (marks.isEmpty() ? "cause (" + how + "): " : "then: ")
                    + step.path("text").asText();
            marks.add(new CauseMark(time(step.path("time")), text));
        }
        for (JsonNode symptom : answer.path("symptoms")) {
            marks.add(new CauseMark(
                    time(symptom.path("from")),
                    (verdict.isMissingNode() ? "wrong, and why is unknown: " : "wrong: ") + text(symptom)));
        }
        for (JsonNode incident : answer.path("incidents")) {
            marks.add(new CauseMark(time(incident.path("from")), "wrong: " + text(incident)));
        }
        marks.sort(Comparator.comparingLong(CauseMark::at));
        return marks;
    }

    private static String text(JsonNode trouble) {
        JsonNode object = trouble.path("object");
        String namespace = object.path("namespace").asText("");
        return object.path("resource").asText() + "/" + object.path("name").asText()
                + (namespace.isEmpty() ? "" : " -n " + namespace) + " "
                + trouble.path("what").asText().replace('_', ' ') + ", "
                + trouble.path("text").asText();
    }

    private static long time(JsonNode time) {
        return Times.nanos(Instant.parse(time.asText()));
    }
}
