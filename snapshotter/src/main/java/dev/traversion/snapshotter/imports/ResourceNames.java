/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What discovery says of a kind.
 *
 * @param custom whether a CustomResourceDefinition declares it
 */
record ResourceNames(
        ResourceType type,
        String kind,
        boolean namespaced,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean custom) {

    /** From an entry of the table of built-in kinds. */
    static ResourceNames builtIn(JsonNode entry) {
        return new ResourceNames(
                new ResourceType(
                        entry.path("group").asText(), entry.path("resource").asText()),
                entry.path("kind").asText(),
                entry.path("namespaced").asBoolean(),
                entry.path("singular").asText(),
                texts(entry.path("shortNames")),
                texts(entry.path("categories")),
                false);
    }

    /** From a CustomResourceDefinition, of whatever version. */
    static ResourceNames defined(JsonNode definition) {
        JsonNode spec = definition.path("spec");
        JsonNode names = spec.path("names");
        String kind = names.path("kind").asText();
        return new ResourceNames(
                new ResourceType(
                        spec.path("group").asText(), names.path("plural").asText()),
                kind,
                !spec.path("scope").asText().equals("Cluster"),
                names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
                texts(names.path("shortNames")),
                texts(names.path("categories")),
                true);
    }

    /** Of a kind that nothing but its objects tells of. */
    static ResourceNames guessed(KindName name, String resource, boolean namespaced) {
        String singular = name.kind().toLowerCase(Locale.ROOT);
        return new ResourceNames(
                new ResourceType(name.group(), resource.isEmpty() ? plural(singular) : resource),
                name.kind(),
                namespaced,
                singular,
                List.of(),
                List.of(),
                false);
    }

    /** The rule by which Kubernetes' own clients guess. */
    static String plural(String singular) {
        if (singular.equals("endpoints")) {
            return singular;
        }
        if (singular.endsWith("s")) {
            return singular + "es";
        }
        return singular.endsWith("y") ? singular.substring(0, singular.length() - 1) + "ies" : singular + "s";
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return List.copyOf(texts);
    }
}
