/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which resource a kind is, and what discovery says of it: from Kubernetes' own table, from the CustomResourceDefinitions that were
 * read, from paths, and last from the rule by which Kubernetes guesses. For one thread.
 */
final class KindCatalog {

    private static final Map<KindName, ResourceNames> BUILT_IN = builtIn();

    /** What a CustomResourceDefinition says. */
    private record Definition(ResourceNames names, Set<String> versions, boolean convertsByName) {}

    private final Map<KindName, Definition> definitions = new TreeMap<>();
    private final Map<KindName, String> pathNames = new HashMap<>();
    private final Set<KindName> namespaced = new TreeSet<>();

    private static Map<KindName, ResourceNames> builtIn() {
        try (InputStream in = KindCatalog.class.getResourceAsStream("built-in.json")) {
            Map<KindName, ResourceNames> names = new HashMap<>();
            for (JsonNode entry : new ObjectMapper().readTree(in).path("resources")) {
                ResourceNames each = ResourceNames.builtIn(entry);
                names.put(new KindName(each.type().group(), each.kind()), each);
            }
            return Map.copyOf(names);
        } catch (IOException e) {
            throw new UncheckedIOException("the table of built-in kinds in this build cannot be read", e);
        }
    }

    /** The type as far as it is known before everything is read: enough to know what is secret. */
    static ResourceType typeForMasking(KindName name) {
        ResourceNames known = BUILT_IN.get(name);
        return known != null
                ? known.type()
                : new ResourceType(
                        name.group(), ResourceNames.plural(name.kind().toLowerCase(Locale.ROOT)));
    }

    /** Learns from a CustomResourceDefinition. */
    void define(JsonNode definition) {
        JsonNode spec = definition.path("spec");
        ResourceNames names = ResourceNames.defined(definition);
        Set<String> versions = new TreeSet<>();
        for (JsonNode version : spec.path("versions")) {
            if (version.path("served").asBoolean(true)) {
                versions.add(version.path("name").asText());
            }
        }
        if (spec.hasNonNull("version")) {
            versions.add(spec.path("version").asText());
        }
        boolean byName = spec.path("conversion").path("strategy").asText("None").equals("None");
        if (!names.kind().isEmpty() && !names.type().resource().isEmpty()) {
            definitions.put(new KindName(names.type().group(), names.kind()), new Definition(names, versions, byName));
        }
    }

    /** Learns that objects of a kind are in namespaces. */
    void namespaced(KindName name) {
        namespaced.add(name);
    }

    /** Learns from where an object lay: {@code .../GROUP/RESOURCE.yaml} or {@code .../GROUP/RESOURCE/NAME.yaml}. */
    void path(KindName name, String path) {
        if (pathNames.containsKey(name) || BUILT_IN.containsKey(name)) {
            return;
        }
        List<String> parts = List.of(path.split("/"));
        int last = parts.size() - 1;
        String group = name.group().isEmpty() ? "core" : name.group();
        if (last >= 1 && parts.get(last - 1).equals(group)) {
            pathNames.put(name, parts.get(last).replaceFirst("\\.[a-z]+$", ""));
        } else if (last >= 2 && parts.get(last - 2).equals(group)) {
            pathNames.put(name, parts.get(last - 1));
        }
    }

    /** Learns from a request which resource objects of a kind are. */
    void resource(KindName name, String resource) {
        pathNames.putIfAbsent(name, resource);
    }

    ResourceNames names(KindName name) {
        ResourceNames builtIn = BUILT_IN.get(name);
        if (builtIn != null) {
            return builtIn;
        }
        Definition definition = definitions.get(name);
        return definition != null
                ? definition.names()
                : ResourceNames.guessed(name, pathNames.getOrDefault(name, ""), namespaced.contains(name));
    }

    /** Whether versions of the kind differ in nothing but the apiVersion, by definition. */
    boolean convertsByName(KindName name) {
        Definition definition = definitions.get(name);
        return definition != null && definition.convertsByName();
    }

    /** The kinds that CustomResourceDefinitions declare. */
    List<KindName> defined() {
        return new ArrayList<>(definitions.keySet());
    }

    /** The versions in which a custom resource is served. */
    Set<String> definedVersions(KindName name) {
        Definition definition = definitions.get(name);
        return definition == null ? Set.of() : definition.versions();
    }
}
