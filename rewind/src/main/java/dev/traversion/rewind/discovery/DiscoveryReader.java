/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.discovery.Discovery.ApiVersion;
import dev.traversion.rewind.json.GoJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Reads the discovery of one cluster at a moment from its recorded documents, and remembers the last few: they hardly ever change.
 * Safe for concurrent use.
 */
public final class DiscoveryReader {

    private static final String AGGREGATED = ";as=APIGroupDiscoveryList";
    private static final Set<String> READING = Set.of("get", "list", "watch");

    /** Those that are parts of the object, and logs. */
    private static final Set<String> SUBRESOURCES = Set.of("status", "scale", "log");

    private static final int REMEMBERED = 8;

    private record CacheKey(List<Long> documents, int recordedTypes, boolean hasUsage) {}

    private final History history;
    private final Servable servable;
    private final BooleanSupplier hasUsage;
    private final Map<CacheKey, Discovery> remembered = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CacheKey, Discovery> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Whether objects of a type, of which some are recorded, can be served in an API version. */
    @FunctionalInterface
    public interface Servable {
        boolean test(ResourceType type, String apiVersion, long time) throws IOException;
    }

    /** @param hasUsage whether what pods and nodes used is recorded, and served as metrics */
    public DiscoveryReader(History history, Servable servable, BooleanSupplier hasUsage) {
        this.history = history;
        this.servable = servable;
        this.hasUsage = hasUsage;
    }

    /**
     * The discovery at {@code time}.
     *
     * @throws TraversionException if no discovery was recorded
     */
    public Discovery at(long time) throws IOException {
        List<ObjectVersion> documents = new ArrayList<>();
        Optional<ObjectVersion> core = Documents.at(history, "api" + AGGREGATED, time);
        Optional<ObjectVersion> groups = Documents.at(history, "apis" + AGGREGATED, time);
        core.ifPresent(documents::add);
        groups.ifPresent(documents::add);
        boolean aggregated = core.isPresent() && groups.isPresent();
        if (!aggregated) {
            Documents.at(history, "api/v1", time).ifPresent(documents::add);
            Documents.at(history, "apis", time).ifPresent(documents::add);
        }
        if (documents.isEmpty()) {
            throw new TraversionException("cluster " + history.clusterId()
                    + ": the recording holds no discovery documents, so its resources cannot be served");
        }
        Set<ResourceType> recorded = new HashSet<>(history.types(time));
        CacheKey key = new CacheKey(
                documents.stream().map(ObjectVersion::observedAt).toList(),
                recorded.hashCode(),
                hasUsage.getAsBoolean());
        synchronized (remembered) {
            Discovery discovery = remembered.get(key);
            if (discovery != null) {
                return discovery;
            }
        }
        Map<String, List<ApiVersion>> published = aggregated
                ? aggregated(
                        GoJson.read(core.orElseThrow().body()),
                        GoJson.read(groups.orElseThrow().body()))
                : plain(time);
        Map<String, List<ApiVersion>> readable = readable(published, recorded, time);
        if (key.hasUsage()) {
            readable.put(UsageResources.GROUP, List.of(UsageResources.version()));
        }
        Discovery discovery = new Discovery(readable);
        synchronized (remembered) {
            remembered.put(key, discovery);
        }
        return discovery;
    }

    private static Map<String, List<ApiVersion>> aggregated(JsonNode... documents) {
        Map<String, List<ApiVersion>> groups = new LinkedHashMap<>();
        for (JsonNode document : documents) {
            for (JsonNode group : document.path("items")) {
                String name = group.path("metadata").path("name").asText("");
                List<ApiVersion> versions = groups.computeIfAbsent(name, _ -> new ArrayList<>());
                for (JsonNode version : group.path("versions")) {
                    List<ObjectNode> resources = new ArrayList<>();
                    version.path("resources").forEach(resource -> resources.add((ObjectNode) resource));
                    versions.add(new ApiVersion(name, version.path("version").asText(), resources));
                }
            }
        }
        return groups;
    }

    private Map<String, List<ApiVersion>> plain(long time) throws IOException {
        Map<String, List<ApiVersion>> groups = new LinkedHashMap<>();
        List<String> paths = new ArrayList<>(List.of("api/v1"));
        Optional<ObjectVersion> list = Documents.at(history, "apis", time);
        if (list.isPresent()) {
            for (JsonNode group : GoJson.read(list.get().body()).path("groups")) {
                for (JsonNode version : group.path("versions")) {
                    paths.add("apis/" + version.path("groupVersion").asText());
                }
            }
        }
        for (String path : paths) {
            Optional<ObjectVersion> document = Documents.at(history, path, time);
            if (document.isPresent()) {
                String[] parts = path.split("/");
                String group = parts.length == 3 ? parts[1] : "";
                groups.computeIfAbsent(group, _ -> new ArrayList<>())
                        .add(new ApiVersion(
                                group,
                                parts[parts.length - 1],
                                fromPlain(GoJson.read(document.get().body()))));
            }
        }
        return groups;
    }

    /** Brings the resources of an APIResourceList into the form of aggregated discovery. */
    private static List<ObjectNode> fromPlain(JsonNode document) {
        Map<String, ObjectNode> resources = new LinkedHashMap<>();
        for (JsonNode entry : document.path("resources")) {
            String[] name = entry.path("name").asText().split("/", 2);
            ObjectNode target = JsonNodeFactory.instance.objectNode();
            ObjectNode parent = name.length == 2 ? resources.get(name[0]) : null;
            if (name.length == 2 && parent == null) {
                continue;
            }
            target.put(parent == null ? "resource" : "subresource", name[name.length - 1]);
            target.putObject("responseKind")
                    .put("group", entry.path("group").asText(""))
                    .put("version", entry.path("version").asText(""))
                    .put("kind", entry.path("kind").asText());
            if (parent == null) {
                target.put("scope", entry.path("namespaced").asBoolean() ? "Namespaced" : "Cluster");
                target.put("singularResource", entry.path("singularName").asText(""));
                resources.put(name[0], target);
            } else {
                parent.withArray("/subresources").add(target);
            }
            target.set("verbs", entry.path("verbs"));
            for (String optional : List.of("shortNames", "categories")) {
                if (entry.has(optional)) {
                    target.set(optional, entry.get(optional));
                }
            }
        }
        return new ArrayList<>(resources.values());
    }

    private Map<String, List<ApiVersion>> readable(
            Map<String, List<ApiVersion>> published, Set<ResourceType> recorded, long time) throws IOException {
        Map<String, List<ApiVersion>> groups = new LinkedHashMap<>();
        for (Map.Entry<String, List<ApiVersion>> group : published.entrySet()) {
            List<ApiVersion> versions = new ArrayList<>();
            for (ApiVersion version : group.getValue()) {
                List<ObjectNode> resources = new ArrayList<>();
                for (ObjectNode resource : version.resources()) {
                    ObjectNode readable = readable(version, resource, recorded, time);
                    if (readable != null) {
                        resources.add(readable);
                    }
                }
                if (!resources.isEmpty()) {
                    versions.add(new ApiVersion(version.group(), version.version(), resources));
                }
            }
            if (!versions.isEmpty()) {
                groups.put(group.getKey(), versions);
            }
        }
        return groups;
    }

    /** The resource with what can be read of it; null if that is nothing. */
    private ObjectNode readable(ApiVersion version, ObjectNode resource, Set<ResourceType> recorded, long time)
            throws IOException {
        ResourceType type =
                new ResourceType(version.group(), resource.path("resource").asText());
        ObjectNode copy = resource.deepCopy();
        if (Discovery.REVIEWS.contains(type)) {
            copy.putArray("verbs").add("create");
            return copy;
        }
        ArrayNode verbs = readingVerbs(copy);
        if (!Discovery.hasVerb(copy, "watch") && !recorded.contains(type)) {
            if (verbs.isEmpty()) {
                return null;
            }
            // Offering lists would make clients that list all there is fail; a get is how to learn why it is not here.
            copy.putArray("verbs").add("get");
            copy.remove("subresources");
            return copy;
        }
        if (recorded.contains(type) && !servable.test(type, version.groupVersion(), time)) {
            return null;
        }
        ArrayNode subresources = JsonNodeFactory.instance.arrayNode();
        for (JsonNode subresource : copy.path("subresources")) {
            if (SUBRESOURCES.contains(subresource.path("subresource").asText())) {
                ObjectNode kept = (ObjectNode) subresource;
                readingVerbs(kept);
                subresources.add(kept);
            }
        }
        if (subresources.isEmpty()) {
            copy.remove("subresources");
        } else {
            copy.set("subresources", subresources);
        }
        return copy;
    }

    private static ArrayNode readingVerbs(ObjectNode resource) {
        ArrayNode verbs = JsonNodeFactory.instance.arrayNode();
        for (JsonNode verb : resource.path("verbs")) {
            if (READING.contains(verb.asText())) {
                verbs.add(verb);
            }
        }
        resource.set("verbs", verbs);
        return verbs;
    }
}
