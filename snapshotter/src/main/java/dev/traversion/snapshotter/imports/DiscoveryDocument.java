/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes up the discovery documents that a server with given resources would have published. */
final class DiscoveryDocument {

    private static final Pattern VERSION = Pattern.compile("v?(\\d+)\\.(\\d+).*");

    private static final Pattern API_VERSION = Pattern.compile("v(\\d{1,9})(?:(alpha|beta)(\\d{1,9}))?");

    /** Group, version, resource. */
    private final Map<String, Map<String, Map<String, ResourceNames>>> groups = new TreeMap<>();

    /** Says that a resource is served in some versions. */
    void add(ResourceNames names, Set<String> versions) {
        for (String version : versions) {
            groups.computeIfAbsent(names.type().group(), _ -> new TreeMap<>())
                    .computeIfAbsent(version, _ -> new TreeMap<>())
                    .put(names.type().resource(), names);
        }
    }

    /**
     * An APIGroupDiscoveryList.
     *
     * @param core whether of the core group, or of all others
     */
    byte[] list(boolean core) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        groups.forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                ObjectNode item = items.addObject();
                item.putObject("metadata").put("name", group).putNull("creationTimestamp");
                ArrayNode array = item.putArray("versions");
                for (String version : preferredFirst(versions.keySet())) {
                    ObjectNode each = array.addObject().put("version", version);
                    ArrayNode resources = each.putArray("resources");
                    versions.get(version).values().forEach(names -> resource(resources.addObject(), names, version));
                    each.put("freshness", "Current");
                }
            }
        });
        return list.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** v2, v1, v1beta2, v1beta1, v1alpha1: kubectl asks for the first that has a resource. */
    static List<String> preferredFirst(Set<String> versions) {
        Comparator<String> byStability = Comparator.comparingInt(DiscoveryDocument::stability);
        return versions.stream()
                .sorted(byStability
                        .thenComparingLong(version -> part(version, 1))
                        .thenComparingLong(version -> part(version, 3))
                        .reversed()
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static int stability(String version) {
        Matcher matcher = API_VERSION.matcher(version);
        if (!matcher.matches()) {
            return 0;
        }
        return matcher.group(2) == null ? 3 : matcher.group(2).equals("beta") ? 2 : 1;
    }

    private static long part(String version, int group) {
        Matcher matcher = API_VERSION.matcher(version);
        return matcher.matches() && matcher.group(group) != null ? Long.parseLong(matcher.group(group)) : 0;
    }

    private static void resource(ObjectNode resource, ResourceNames names, String version) {
        resource.put("resource", names.type().resource());
        resource.putObject("responseKind")
                .put("group", names.type().group())
                .put("version", version)
                .put("kind", names.kind());
        resource.put("scope", names.namespaced() ? "Namespaced" : "Cluster");
        resource.put("singularResource", names.singular());
        resource.putArray("verbs").add("get").add("list").add("watch");
        texts(resource, "shortNames", names.shortNames());
        texts(resource, "categories", names.categories());
    }

    private static void texts(ObjectNode resource, String member, List<String> texts) {
        if (!texts.isEmpty()) {
            ArrayNode array = resource.putArray(member);
            texts.forEach(array::add);
        }
    }

    /** What {@code /version} would have said, as far as the kubelets tell; empty if they say nothing. */
    static byte[] version(List<String> kubelets) {
        Matcher newest = null;
        for (String kubelet : kubelets) {
            Matcher version = VERSION.matcher(kubelet);
            if (version.matches() && (newest == null || number(version) > number(newest))) {
                newest = version;
            }
        }
        if (newest == null) {
            return new byte[0];
        }
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", newest.group(1))
                .put("minor", newest.group(2))
                .put("gitVersion", newest.group())
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static long number(Matcher version) {
        return Long.parseLong(version.group(1)) * 1_000_000 + Long.parseLong(version.group(2));
    }
}
