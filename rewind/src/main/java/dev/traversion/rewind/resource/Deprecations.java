/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.discovery.ServedResource;
import java.io.IOException;
import java.util.Optional;

/** The warnings of an API server about versions that one should not use any more. */
final class Deprecations {

    private static final ResourceType ENDPOINTS = new ResourceType("", "endpoints");
    private static final int ENDPOINTS_SINCE = 33;

    private Deprecations() {}

    /** @param definition the CustomResourceDefinition if the resource is a custom one */
    static Optional<String> warning(View view, ServedResource resource, Optional<JsonNode> definition)
            throws IOException {
        if (definition.isPresent()) {
            return ofVersion(resource, definition.get());
        }
        if (resource.type().equals(ENDPOINTS) && view.minorVersion() >= ENDPOINTS_SINCE) {
            return Optional.of("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
        }
        return Optional.empty();
    }

    private static Optional<String> ofVersion(ServedResource resource, JsonNode definition) {
        for (JsonNode version : definition.path("spec").path("versions")) {
            if (version.path("name").asText().equals(resource.version())
                    && version.path("deprecated").asBoolean()) {
                return Optional.of(version.path("deprecationWarning")
                        .asText(resource.apiVersion() + " " + resource.kind() + " is deprecated"));
            }
        }
        return Optional.empty();
    }
}
