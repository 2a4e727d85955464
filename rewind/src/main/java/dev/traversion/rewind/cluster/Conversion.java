/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.rewind.json.GoJson;
import java.util.Optional;

/** Turns a body from the API version in which it was recorded into the one asked for. */
public interface Conversion {

    /** The body as it is. */
    Conversion IDENTITY = new Conversion() {
        @Override
        public byte[] convert(byte[] body) {
            return body;
        }

        @Override
        public boolean isIdentity() {
            return true;
        }
    };

    /** The converted compact JSON body. */
    byte[] convert(byte[] body);

    /** Whether bodies stay what they are. */
    default boolean isIdentity() {
        return false;
    }

    /**
     * How to get from the recorded form to an API version without guessing; empty if there is no way.
     *
     * @param definition the CustomResourceDefinition if the type is a custom resource
     */
    static Optional<Conversion> find(StoredForm stored, String apiVersion, Optional<JsonNode> definition) {
        if (stored.apiVersion().equals(apiVersion)) {
            return Optional.of(IDENTITY);
        }
        if (stored.kind().equals("Event")) {
            return EventConversion.find(stored.apiVersion(), apiVersion);
        }
        if (stored.kind().equals("HorizontalPodAutoscaler")) {
            return HorizontalPodAutoscalerConversion.find(stored.apiVersion(), apiVersion);
        }
        if (definition.isPresent() && isNameOnly(definition.get(), stored.apiVersion(), apiVersion)) {
            return Optional.of(body -> {
                ObjectNode object = (ObjectNode) GoJson.read(body);
                return GoJson.bytes(object.put("apiVersion", apiVersion));
            });
        }
        return Optional.empty();
    }

    /** Whether two versions of a custom resource differ in nothing but their name: no webhook, the same schema. */
    private static boolean isNameOnly(JsonNode definition, String stored, String asked) {
        JsonNode spec = definition.path("spec");
        String strategy = spec.path("conversion").path("strategy").asText("None");
        JsonNode storedSchema = schema(spec, stored);
        return strategy.equals("None") && !storedSchema.isMissingNode() && storedSchema.equals(schema(spec, asked));
    }

    private static JsonNode schema(JsonNode spec, String apiVersion) {
        String prefix = spec.path("group").asText() + "/";
        for (JsonNode version : spec.path("versions")) {
            if (apiVersion.equals(prefix + version.path("name").asText())) {
                return version.path("schema");
            }
        }
        return spec.path("schema");
    }
}
