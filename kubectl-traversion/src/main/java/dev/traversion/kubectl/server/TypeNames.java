/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.discovery.Discovery;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Resource types by the names kubectl takes: plural, singular, short, kind, with or without group, and categories. */
public final class TypeNames {

    /** What pods and nodes used is no object that could be recorded, or not: nobody means it by "pods". */
    private static final String METRICS = "metrics.k8s.io";

    private final List<JsonNode> documents;

    /** @param documents of aggregated discovery */
    public TypeNames(List<JsonNode> documents) {
        this.documents = List.copyOf(documents);
    }

    TypeNames(Discovery discovery) {
        this(List.of(discovery.aggregated(true), discovery.aggregated(false)));
    }

    /** Whether objects of a type are in namespaces; also if it is not known. */
    public boolean isNamespaced(ResourceType type) {
        for (JsonNode document : documents) {
            for (JsonNode group : document.path("items")) {
                for (JsonNode version : group.path("versions")) {
                    for (JsonNode resource : version.path("resources")) {
                        if (resource.path("resource").asText().equals(type.resource())
                                && group.path("metadata")
                                        .path("name")
                                        .asText("")
                                        .equals(type.group())
                                && resource.path("scope").asText().equals("Cluster")) {
                            return false;
                        }
                    }
                }
            }
        }
        return true;
    }

    /** The types a name means; a category means several, an unknown name none. */
    public Set<ResourceType> find(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        Set<ResourceType> types = new LinkedHashSet<>();
        Set<ResourceType> categories = new LinkedHashSet<>();
        for (JsonNode document : documents) {
            for (JsonNode group : document.path("items")) {
                String groupName = group.path("metadata").path("name").asText("");
                if (groupName.equals(METRICS)) {
                    continue;
                }
                for (JsonNode version : group.path("versions")) {
                    for (JsonNode resource : version.path("resources")) {
                        ResourceType type = new ResourceType(
                                groupName, resource.path("resource").asText());
                        if (isNamed(resource, type, version.path("version").asText(), wanted)) {
                            types.add(type);
                        } else if (contains(resource.path("categories"), wanted)) {
                            categories.add(type);
                        }
                    }
                }
            }
        }
        return types.isEmpty() ? categories : types;
    }

    private static boolean isNamed(JsonNode resource, ResourceType type, String version, String wanted) {
        return wanted.equals(type.resource())
                || wanted.equals(type.toString())
                || wanted.equals(type.resource() + "." + version + "." + type.group())
                || wanted.equals(resource.path("singularResource").asText())
                || wanted.equals(resource.path("singularResource").asText() + "." + type.group())
                || wanted.equals(
                        resource.path("responseKind").path("kind").asText().toLowerCase(Locale.ROOT))
                || contains(resource.path("shortNames"), wanted);
    }

    private static boolean contains(JsonNode names, String wanted) {
        for (JsonNode name : names) {
            if (name.asText().equals(wanted)) {
                return true;
            }
        }
        return false;
    }
}
