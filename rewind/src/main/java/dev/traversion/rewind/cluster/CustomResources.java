/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.json.GoJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The definitions of custom resources as they were; the last few that were asked for stay parsed. Safe for concurrent use. */
public final class CustomResources {

    private static final ResourceType DEFINITIONS =
            new ResourceType("apiextensions.k8s.io", "customresourcedefinitions");
    private static final int REMEMBERED = 64;

    private record CacheKey(String name, long observedAt) {}

    private static final class Cache extends LinkedHashMap<CacheKey, JsonNode> {
        @Override
        protected boolean removeEldestEntry(Map.Entry<CacheKey, JsonNode> eldest) {
            return size() > REMEMBERED;
        }
    }

    private final History history;
    private final Map<CacheKey, JsonNode> remembered = new Cache();

    CustomResources(History history) {
        this.history = history;
    }

    /** The CustomResourceDefinition of a type at {@code time}; empty if the type is not a custom resource. */
    public Optional<JsonNode> definition(ResourceType type, long time) {
        if (type.group().indexOf('.') < 0) {
            return Optional.empty();
        }
        String name = type.resource() + "." + type.group();
        Optional<ObjectVersion> definition = history.get(new ObjectKey(DEFINITIONS, "", name), time);
        if (definition.isEmpty()) {
            return Optional.empty();
        }
        CacheKey key = new CacheKey(name, definition.get().observedAt());
        synchronized (remembered) {
            return Optional.of(remembered.computeIfAbsent(
                    key, _ -> GoJson.read(definition.get().body())));
        }
    }
}
