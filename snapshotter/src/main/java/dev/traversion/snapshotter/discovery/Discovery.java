/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads what the API server serves, from its aggregated discovery documents, or from the plain ones where it has no others.
 *
 * <p>An object that is stored once is recorded once, although some are served by several groups: see {@link #ALIASES}.
 */
public final class Discovery {

    static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final String PLAIN = "application/json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Groups that show the objects of another one. */
    private static final Set<ResourceType> ALIASES = Set.of(new ResourceType("events.k8s.io", "events"));

    private final ApiServer server;

    public Discovery(ApiServer server) {
        this.server = server;
    }

    /**
     * What was found.
     *
     * @param resources that can be recorded, by type
     * @param documents the documents it was read from: path with Accept form, and bytes
     * @param problems groups that did not answer at the moment, and why: of these it is not known what they serve
     */
    public record Found(
            Map<ResourceType, ServedResource> resources, Map<String, byte[]> documents, Map<String, String> problems) {}

    /** @throws IOException if the server cannot be reached or does not answer */
    public Found read() throws IOException, InterruptedException {
        Map<String, byte[]> documents = new LinkedHashMap<>();
        Map<ResourceType, ServedResource> resources = new TreeMap<>();
        Map<String, String> problems = new TreeMap<>();
        Map<String, String> backends = backends();
        for (String root : List.of("api", "apis")) {
            Answer answer = server.get("/" + root, AGGREGATED + "," + PLAIN).orFail();
            JsonNode list = JSON.readTree(answer.body());
            if (list.path("kind").asText().equals("APIGroupDiscoveryList")) {
                documents.put(root + ";as=APIGroupDiscoveryList", answer.body());
                readAggregated(list, backends, resources, problems);
            } else {
                readPlain(root, list, backends, resources, documents, problems);
            }
        }
        ALIASES.forEach(resources::remove);
        return new Found(resources, documents, problems);
    }

    /**
     * Which API groups' versions are served by others: {@code namespace/name} of the Service by {@code group/version}. Nothing if the
     * server does not know, or may not say.
     */
    private Map<String, String> backends() throws IOException, InterruptedException {
        Map<String, String> backends = new HashMap<>();
        Answer answer = server.get("/apis/apiregistration.k8s.io/v1/apiservices", PLAIN);
        if (answer.status() != 403 && answer.status() != 404) {
            for (JsonNode each : JSON.readTree(answer.orFail().body()).path("items")) {
                JsonNode service = each.path("spec").path("service");
                if (service.isObject()) {
                    backends.put(
                            each.path("spec").path("group").asText() + "/"
                                    + each.path("spec").path("version").asText(),
                            service.path("namespace").asText() + "/"
                                    + service.path("name").asText());
                }
            }
        }
        return backends;
    }

    private static void readAggregated(
            JsonNode list,
            Map<String, String> backends,
            Map<ResourceType, ServedResource> resources,
            Map<String, String> problems) {
        for (JsonNode group : list.path("items")) {
            String name = group.path("metadata").path("name").asText("");
            for (JsonNode version : group.path("versions")) {
                if (version.path("freshness").asText().equals("Stale")) {
                    problems.put(name, name + "/" + version.path("version").asText() + " does not answer");
                }
                for (JsonNode resource : version.path("resources")) {
                    add(
                            new ServedResource(
                                    new ResourceType(
                                            name, resource.path("resource").asText()),
                                    version.path("version").asText(),
                                    resource.path("responseKind").path("kind").asText(),
                                    resource.path("scope").asText().equals("Namespaced"),
                                    backends.getOrDefault(
                                            name + "/" + version.path("version").asText(), "")),
                            resource.path("verbs"),
                            resources);
                }
            }
        }
    }

    private void readPlain(
            String root,
            JsonNode list,
            Map<String, String> backends,
            Map<ResourceType, ServedResource> resources,
            Map<String, byte[]> documents,
            Map<String, String> problems)
            throws IOException, InterruptedException {
        List<String> versions = new ArrayList<>();
        if (root.equals("api")) {
            list.path("versions").forEach(version -> versions.add(version.asText()));
        }
        for (JsonNode group : list.path("groups")) {
            // The preferred version first: the first one that has a resource is the one it is recorded in.
            String preferred =
                    group.path("preferredVersion").path("groupVersion").asText();
            versions.add(preferred);
            for (JsonNode version : group.path("versions")) {
                if (!version.path("groupVersion").asText().equals(preferred)) {
                    versions.add(version.path("groupVersion").asText());
                }
            }
        }
        for (String groupVersion : versions) {
            Answer answer = server.get("/" + root + "/" + groupVersion, PLAIN);
            int slash = groupVersion.indexOf('/');
            if (answer.status() != 200) {
                problems.put(
                        slash < 0 ? "" : groupVersion.substring(0, slash),
                        groupVersion + " does not answer: " + answer.message());
                continue;
            }
            documents.put(root + "/" + groupVersion, answer.body());
            for (JsonNode resource : JSON.readTree(answer.body()).path("resources")) {
                add(
                        new ServedResource(
                                new ResourceType(
                                        slash < 0 ? "" : groupVersion.substring(0, slash),
                                        resource.path("name").asText()),
                                groupVersion.substring(slash + 1),
                                resource.path("kind").asText(),
                                resource.path("namespaced").asBoolean(),
                                backends.getOrDefault(groupVersion, "")),
                        resource.path("verbs"),
                        resources);
            }
        }
    }

    private static void add(ServedResource resource, JsonNode verbs, Map<ResourceType, ServedResource> resources) {
        boolean lists = false;
        boolean watches = false;
        for (JsonNode verb : verbs) {
            lists |= verb.asText().equals("list");
            watches |= verb.asText().equals("watch");
        }
        if (lists && watches && !resource.type().resource().contains("/")) {
            resources.putIfAbsent(resource.type(), resource);
        }
    }
}
