/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What there is to know about one run of a scenario, and what the engine is asked.
 *
 * @param decoys none, others or victim
 * @param at the moment that is asked about: a little after the symptom
 * @param since how far back to look, as the plugin takes it
 * @param cause none if there was no fault
 * @param baselines what would be said without an engine; of a fault only
 */
public record Truth(
        String scenario,
        long seed,
        String decoys,
        String target,
        String namespace,
        Instant at,
        String since,
        Optional<Cause> cause,
        Baselines.Ranks baselines) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "truth.json";

    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    static Truth read(Path folder) throws IOException {
        JsonNode node = JSON.readTree(folder.resolve(FILE).toFile());
        return new Truth(
                node.path("scenario").asText(),
                node.path("seed").asLong(),
                node.path("decoys").asText(),
                node.path("target").asText(),
                node.path("namespace").asText(),
                Instant.parse(node.path("at").asText()),
                node.path("since").asText(),
                node.path("cause").isObject() ? Optional.of(Cause.of(node.path("cause"))) : Optional.empty(),
                new Baselines.Ranks(
                        node.path("baselines").path("lastChange").asInt(),
                        node.path("baselines").path("mostEvents").asInt()));
    }

    Truth with(Baselines.Ranks ranks) {
        return new Truth(scenario, seed, decoys, target, namespace, at, since, cause, ranks);
    }

    void write(Path folder) throws IOException {
        ObjectNode node = JSON.createObjectNode()
                .put("scenario", scenario)
                .put("seed", seed)
                .put("decoys", decoys)
                .put("target", target)
                .put("namespace", namespace)
                .put("at", at.toString())
                .put("since", since);
        node.set("cause", cause.map(Cause::json).orElse(null));
        node.putObject("baselines").put("lastChange", baselines.lastChange()).put("mostEvents", baselines.mostEvents());
        Files.writeString(folder.resolve(FILE), node.toPrettyString() + "\n");
    }
}
