/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Times;
import dev.traversion.archive.node.StaticPods;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a version of a pod, service, node or EndpointSlice says about addresses and ids. Those that were asked for are remembered, since
 * the questions of a page are about the same pods.
 *
 * @param ids of a pod: its uid, and a static pod's hash
 * @param containers of a pod: names by ids
 * @param addresses it has, of a slice: those behind its service; none of a pod that has ended
 * @param service of a slice
 * @param created ns
 */
record NodeFacts(Set<String> ids, Map<String, String> containers, Set<String> addresses, String service, long created) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final int MOST_REMEMBERED = 50_000;
    private static final Map<Version, NodeFacts> REMEMBERED = new ConcurrentHashMap<>();

    private record Version(String uid, String resourceVersion, long observedAt, int length, String of) {}

    static NodeFacts of(ObjectVersion version) throws IOException {
        Version key = new Version(
                version.uid(),
                version.resourceVersion(),
                version.observedAt(),
                version.bodyLength(),
                version.key().path());
        NodeFacts known = REMEMBERED.get(key);
        if (known == null) {
            known = read(version);
            if (REMEMBERED.size() >= MOST_REMEMBERED) {
                REMEMBERED.clear();
            }
            REMEMBERED.put(key, known);
        }
        return known;
    }

    private static NodeFacts read(ObjectVersion version) throws IOException {
        JsonNode object = JSON.readTree(version.body());
        JsonNode metadata = object.path("metadata");
        Set<String> ids = new HashSet<>();
        Map<String, String> containers = new HashMap<>();
        Set<String> addresses = new HashSet<>();
        switch (version.key().type().resource()) {
            case "pods" -> pod(version.uid(), object, ids, containers, addresses);
            case "services" -> object.path("spec").path("clusterIPs").forEach(each -> addresses.add(each.asText()));
            case "nodes" ->
                object.path("status")
                        .path("addresses")
                        .forEach(each -> addresses.add(each.path("address").asText()));
            default ->
                object.path("endpoints")
                        .forEach(endpoint -> endpoint.path("addresses").forEach(each -> addresses.add(each.asText())));
        }
        addresses.remove("None");
        return new NodeFacts(
                Set.copyOf(ids),
                Map.copyOf(containers),
                Set.copyOf(addresses),
                metadata.path("labels").path(SERVICE_LABEL).asText(),
                created(metadata.path("creationTimestamp").asText()));
    }

    private static long created(String text) {
        try {
            return Times.nanos(Instant.parse(text));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Long.MIN_VALUE;
        }
    }

    private static void pod(
            String uid, JsonNode pod, Set<String> ids, Map<String, String> containers, Set<String> addresses) {
        ids.add(uid);
        StaticPods.hash(pod).ifPresent(ids::add);
        JsonNode status = pod.path("status");
        String phase = status.path("phase").asText();
        boolean isEnded = phase.equals("Succeeded") || phase.equals("Failed");
        // Pods of the host's network have the node's address, and what has ended gives its own back.
        if (!pod.path("spec").path("hostNetwork").asBoolean() && !isEnded) {
            status.path("podIPs").forEach(each -> addresses.add(each.path("ip").asText()));
        }
        for (String kind : List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
            status.path(kind).forEach(container -> {
                String name = container.path("name").asText();
                id(container.path("containerID").asText(), name, containers);
                id(
                        container
                                .path("lastState")
                                .path("terminated")
                                .path("containerID")
                                .asText(),
                        name,
                        containers);
            });
        }
    }

    private static void id(String id, String name, Map<String, String> containers) {
        if (!id.isEmpty()) {
            containers.put(id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3), name);
        }
    }
}
