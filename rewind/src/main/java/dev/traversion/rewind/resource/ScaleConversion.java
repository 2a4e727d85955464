/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.cluster.Conversion;
import dev.traversion.rewind.discovery.ServedResource;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.json.GoJson;
import dev.traversion.rewind.table.SelectorText;
import java.util.Optional;
import java.util.Set;

/** The scale subresource: how many instances an object wants and has, whatever its kind. */
final class ScaleConversion implements Conversion {

    /** How a Scale is served. */
    static final ServedResource RESOURCE =
            new ServedResource(new ResourceType("autoscaling", "scales"), "v1", "Scale", true, Set.of());

    private final String specPath;
    private final String statusPath;
    private final String selectorPath;
    private final boolean custom;

    /** @param definition the CustomResourceDefinition if the resource is a custom one */
    ScaleConversion(ServedResource resource, Optional<JsonNode> definition) {
        custom = definition.isPresent();
        JsonNode paths =
                definition.map(crd -> paths(crd, resource.version())).orElseGet(JsonNodeFactory.instance::objectNode);
        specPath = paths.path("specReplicasPath").asText(".spec.replicas");
        statusPath = paths.path("statusReplicasPath").asText(".status.replicas");
        selectorPath = paths.path("labelSelectorPath").asText(custom ? "" : ".spec.selector");
    }

    private static JsonNode paths(JsonNode definition, String version) {
        JsonNode spec = definition.path("spec");
        for (JsonNode candidate : spec.path("versions")) {
            JsonNode own = candidate.path("subresources").path("scale");
            if (candidate.path("name").asText().equals(version) && !own.isMissingNode()) {
                return own;
            }
        }
        return spec.path("subresources").path("scale");
    }

    @Override
    public byte[] convert(byte[] body) {
        JsonNode object = GoJson.read(body);
        ObjectNode scale = JsonNodeFactory.instance.objectNode();
        scale.put("kind", "Scale").put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String name : new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            JsonNode value = object.path("metadata").path(name);
            if (!value.isMissingNode()) {
                metadata.set(name, value);
            }
        }
        JsonNode wanted = at(object, specPath);
        if (custom && wanted.isMissingNode()) {
            throw StatusFailure.internal(
                    "Internal error occurred: the spec replicas field \"" + specPath + "\" does not exist");
        }
        ObjectNode spec = scale.putObject("spec");
        if (wanted.asInt() != 0) {
            spec.put("replicas", wanted.asInt());
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", at(object, statusPath).asInt());
        String selector = selectorPath.isEmpty() ? "" : SelectorText.of(at(object, selectorPath));
        if (!selector.isEmpty()) {
            status.put("selector", selector);
        }
        return GoJson.bytes(scale);
    }

    private static JsonNode at(JsonNode object, String path) {
        JsonNode node = object;
        for (String name : path.substring(1).split("\\.")) {
            node = node.path(name);
        }
        return node;
    }
}
