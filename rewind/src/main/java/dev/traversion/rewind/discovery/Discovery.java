/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a moment serves, as discovery shows it: the recorded groups, versions and resources, with no verbs but reading ones and no
 * subresources but readable ones. Immutable.
 */
public final class Discovery {

    /** Resources that are asked rather than stored, and that are answered here. */
    static final Set<ResourceType> REVIEWS = Set.of(
            new ResourceType("authorization.k8s.io", "selfsubjectaccessreviews"),
            new ResourceType("authorization.k8s.io", "selfsubjectrulesreviews"),
            new ResourceType("authentication.k8s.io", "selfsubjectreviews"));

    private record Key(ResourceType type, String version) {}

    private final Map<String, List<ApiVersion>> groups;
    private final Map<Key, ServedResource> resources = new LinkedHashMap<>();
    private final Set<ResourceType> unrecorded = new HashSet<>();

    Discovery(Map<String, List<ApiVersion>> groups) {
        this.groups = new LinkedHashMap<>(groups);
        for (List<ApiVersion> versions : groups.values()) {
            for (ApiVersion version : versions) {
                for (JsonNode resource : version.resources()) {
                    add(version, resource);
                }
            }
        }
    }

    /**
     * One version of a group.
     *
     * @param resources in the form of aggregated discovery
     */
    record ApiVersion(String group, String version, List<ObjectNode> resources) {
        String groupVersion() {
            return group.isEmpty() ? version : group + "/" + version;
        }
    }

    private void add(ApiVersion version, JsonNode resource) {
        ResourceType type =
                new ResourceType(version.group(), resource.path("resource").asText());
        if (REVIEWS.contains(type)) {
            return;
        }
        if (!hasVerb(resource, "list")) {
            unrecorded.add(type);
            return;
        }
        Set<String> subresources = new TreeSet<>();
        for (JsonNode subresource : resource.path("subresources")) {
            subresources.add(subresource.path("subresource").asText());
        }
        resources.put(
                new Key(type, version.version()),
                new ServedResource(
                        type,
                        version.version(),
                        resource.path("responseKind").path("kind").asText(),
                        resource.path("scope").asText().equals("Namespaced"),
                        Set.copyOf(subresources)));
    }

    static boolean hasVerb(JsonNode resource, String verb) {
        for (JsonNode candidate : resource.path("verbs")) {
            if (candidate.asText().equals(verb)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the cluster served a resource that cannot be recorded, since it cannot be watched. */
    public boolean isUnrecorded(ResourceType type) {
        return unrecorded.contains(type);
    }

    public Optional<ServedResource> resource(String group, String version, String resource) {
        return Optional.ofNullable(resources.get(new Key(new ResourceType(group, resource), version)));
    }

    /** The versions in which a type is served, preferred first. */
    public List<ServedResource> versionsOf(ResourceType type) {
        List<ServedResource> versions = new ArrayList<>();
        for (ServedResource resource : resources.values()) {
            if (resource.type().equals(type)) {
                versions.add(resource);
            }
        }
        return versions;
    }

    /** Every resource in every version. */
    public List<ServedResource> resources() {
        return List.copyOf(resources.values());
    }

    public boolean hasGroup(String group) {
        return groups.containsKey(group);
    }

    /** {@code GET /api} (the core group only) or {@code GET /apis} (all others) with aggregated discovery. */
    public JsonNode aggregated(boolean core) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        document.putObject("metadata");
        ArrayNode items = document.putArray("items");
        groups.forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata");
                if (!core) {
                    metadata.put("name", group);
                }
                ArrayNode list = item.putArray("versions");
                for (ApiVersion version : versions) {
                    ObjectNode entry = list.addObject().put("version", version.version());
                    entry.putArray("resources").addAll(version.resources());
                    entry.put("freshness", "Current");
                }
            }
        });
        return document;
    }

    /** {@code GET /api}. */
    public JsonNode coreVersions() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", "APIVersions");
        ArrayNode versions = document.putArray("versions");
        groups.getOrDefault("", List.of()).forEach(version -> versions.add(version.version()));
        document.putArray("serverAddressByClientCIDRs");
        return document;
    }

    /** {@code GET /apis}. */
    public JsonNode groupList() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode list = document.putArray("groups");
        for (String group : groups.keySet()) {
            if (!group.isEmpty()) {
                describe(group, list.addObject());
            }
        }
        return document;
    }

    /** {@code GET /apis/<group>}. */
    public Optional<JsonNode> group(String group) {
        if (group.isEmpty() || !groups.containsKey(group)) {
            return Optional.empty();
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", "APIGroup").put("apiVersion", "v1");
        describe(group, document);
        return Optional.of(document);
    }

    private void describe(String group, ObjectNode target) {
        target.put("name", group);
        ArrayNode versions = target.putArray("versions");
        for (ApiVersion version : groups.get(group)) {
            versions.addObject().put("groupVersion", version.groupVersion()).put("version", version.version());
        }
        target.set("preferredVersion", versions.get(0));
    }

    /** {@code GET /api/<version>} or {@code GET /apis/<group>/<version>}. */
    public Optional<JsonNode> resourceList(String group, String version) {
        for (ApiVersion candidate : groups.getOrDefault(group, List.of())) {
            if (candidate.version().equals(version)) {
                return Optional.of(resourceList(candidate));
            }
        }
        return Optional.empty();
    }

    private static JsonNode resourceList(ApiVersion version) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("kind", "APIResourceList").put("apiVersion", "v1").put("groupVersion", version.groupVersion());
        ArrayNode list = document.putArray("resources");
        for (ObjectNode resource : version.resources()) {
            boolean namespaced = resource.path("scope").asText().equals("Namespaced");
            ObjectNode entry = list.addObject();
            entry.put("name", resource.path("resource").asText());
            entry.put("singularName", resource.path("singularResource").asText());
            entry.put("namespaced", namespaced);
            copyKind(resource, entry);
            entry.set("verbs", resource.path("verbs"));
            for (String optional : List.of("shortNames", "categories")) {
                if (resource.has(optional)) {
                    entry.set(optional, resource.get(optional));
                }
            }
            for (JsonNode subresource : resource.path("subresources")) {
                ObjectNode sub = list.addObject();
                sub.put(
                        "name",
                        resource.path("resource").asText() + "/"
                                + subresource.path("subresource").asText());
                sub.put("singularName", "").put("namespaced", namespaced);
                copyKind(subresource, sub);
                sub.set("verbs", subresource.path("verbs"));
            }
        }
        return document;
    }

    private static void copyKind(JsonNode resource, ObjectNode entry) {
        JsonNode kind = resource.path("responseKind");
        for (String name : List.of("group", "version")) {
            if (!kind.path(name).asText().isEmpty()) {
                entry.put(name, kind.path(name).asText());
            }
        }
        entry.put("kind", kind.path("kind").asText());
    }
}
