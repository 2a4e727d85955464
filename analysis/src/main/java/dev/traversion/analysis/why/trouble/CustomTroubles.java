/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What custom resources, and others of which nothing is known, say that is wrong with them. */
final class CustomTroubles {

    private static final List<String> GOOD = List.of("Ready", "Available", "Healthy", "Synced", "Reconciled");
    private static final List<String> BAD = List.of("Degraded", "Stalled", "Failed");

    /** What those say by which they are taken, as of the Gateway API. */
    private static final List<String> TAKEN = List.of("Accepted", "ResolvedRefs", "Programmed");

    /** Where, in the status, operators that have no conditions say how it is, and why: Argo CD in the second and third. */
    private record Word(List<String> state, List<String> message) {}

    private static final List<Word> WORDS = List.of(
            new Word(List.of("phase"), List.of("message")),
            new Word(List.of("health", "status"), List.of("health", "message")),
            new Word(List.of("operationState", "phase"), List.of("operationState", "message")),
            new Word(List.of("state"), List.of("message")));

    private static final Pattern FAILED =
            Pattern.compile("failed|failure|error|errored|degraded|unhealthy", Pattern.CASE_INSENSITIVE);

    private CustomTroubles() {}

    static void of(World world, Version object, List<Trouble> found) {
        for (String type : GOOD) {
            OtherTroubles.spans(world, object.key(), type, "True", true, What.CONDITION_FALSE, found);
        }
        for (String type : BAD) {
            OtherTroubles.spans(world, object.key(), type, "True", false, What.CONDITION_FALSE, found);
        }
        for (String type : TAKEN) {
            OtherTroubles.spans(
                    world,
                    object.key(),
                    version -> taken(version, type),
                    CustomTroubles::isRefused,
                    What.CONDITION_FALSE,
                    found);
        }
        for (Word word : WORDS) {
            OtherTroubles.spans(
                    world,
                    object.key(),
                    version -> said(version, word),
                    each -> FAILED.matcher(each.path("status").asText()).matches(),
                    What.CONDITION_FALSE,
                    found);
        }
    }

    /** A condition that was given by one of several, such as a Gateway that a route belongs to: one that refuses counts most. */
    private static JsonNode taken(Version object, String type) {
        List<JsonNode> all = Stream.concat(
                        Stream.of(object.get("status")),
                        object.get("status")
                                .valueStream()
                                .filter(JsonNode::isArray)
                                .flatMap(JsonNode::valueStream))
                .flatMap(each -> each.path("conditions").valueStream())
                .filter(each -> each.path("type").asText().equals(type))
                .toList();
        return all.stream()
                .filter(CustomTroubles::isRefused)
                .findFirst()
                .orElse(all.isEmpty() ? MissingNode.getInstance() : all.getFirst());
    }

    private static boolean isRefused(JsonNode condition) {
        return condition.path("status").asText().equals("False");
    }

    /** A state as a condition. */
    private static JsonNode said(Version object, Word word) {
        JsonNode state = in(object, word.state());
        return state.isTextual()
                ? JsonNodeFactory.instance
                        .objectNode()
                        .put("type", String.join(".", word.state()))
                        .put("status", state.asText())
                        .put("reason", object.get("status", "reason").asText(""))
                        .put("message", in(object, word.message()).asText(""))
                : MissingNode.getInstance();
    }

    private static JsonNode in(Version object, List<String> path) {
        JsonNode value = object.get("status");
        for (String step : path) {
            value = value.path(step);
        }
        return value;
    }
}
