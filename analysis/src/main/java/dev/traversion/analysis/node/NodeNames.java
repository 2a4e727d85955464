/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The names of what the rows of a stretch of time tell of by id: of all pods that were there in it, however shortly, from the recorded
 * versions. An address means whoever had it last.
 */
public final class NodeNames {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType SERVICES = new ResourceType("", "services");
    private static final ResourceType NODES = new ResourceType("", "nodes");
    private static final ResourceType SLICES = new ResourceType("discovery.k8s.io", "endpointslices");
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final int SHORT_ID = 12;

    private final Map<String, ObjectKey> pods = new HashMap<>();
    private final Map<String, String> containers = new HashMap<>();
    private final Map<String, ObjectKey> addresses = new HashMap<>();
    private final Map<ObjectKey, Set<String>> services = new HashMap<>();

    private NodeNames() {}

    /** Nothing has a name. */
    public static NodeNames none() {
        return new NodeNames();
    }

    /**
     * Learns the names.
     *
     * @param from ns
     * @param to ns
     */
    public static NodeNames of(History history, long from, long to) throws IOException {
        return of(history, _ -> true, from, to);
    }

    /** Only those of some objects, and of the pods behind a service only if its EndpointSlices are among them. */
    static NodeNames of(History history, Predicate<ObjectKey> isKnown, long from, long to) throws IOException {
        NodeNames names = new NodeNames();
        ObjectVersion.Visitor learn = version -> !isKnown.test(version.key()) || names.learn(version);
        for (ResourceType type : List.of(NODES, PODS, SERVICES, SLICES)) {
            history.list(type, "", null, from, learn);
            history.changes(type, "", from, to, learn);
        }
        return names;
    }

    private boolean learn(ObjectVersion version) throws IOException {
        if (version.operation() == Operation.DELETED && version.bodyLength() == 0) {
            return true;
        }
        ObjectKey key = version.key();
        JsonNode object = JSON.readTree(version.body());
        if (key.type().equals(PODS)) {
            pod(key, version.uid(), object);
        } else if (key.type().equals(SERVICES)) {
            object.path("spec").path("clusterIPs").forEach(address -> service(key, address.asText()));
        } else if (key.type().equals(NODES)) {
            object.path("status")
                    .path("addresses")
                    .forEach(address -> addresses.put(address.path("address").asText(), key));
        } else {
            String service =
                    object.path("metadata").path("labels").path(SERVICE_LABEL).asText();
            ObjectKey owner = new ObjectKey(SERVICES, key.namespace(), service);
            object.path("endpoints").forEach(endpoint -> endpoint.path("addresses")
                    .forEach(address -> services.computeIfAbsent(owner, any -> new TreeSet<>())
                            .add(address.asText())));
        }
        return true;
    }

    private void service(ObjectKey key, String address) {
        if (!address.equals("None")) {
            addresses.put(address, key);
            services.computeIfAbsent(key, any -> new TreeSet<>()).add(address);
        }
    }

    private void pod(ObjectKey key, String uid, JsonNode pod) {
        pods.put(uid, key);
        // A static pod's control group has the hash of its manifest.
        String hash = pod.path("metadata")
                .path("annotations")
                .path("kubernetes.io/config.hash")
                .asText();
        if (!hash.isEmpty()) {
            pods.put(hash, key);
        }
        JsonNode status = pod.path("status");
        // Pods of the host's network have the node's address.
        if (!pod.path("spec").path("hostNetwork").asBoolean()) {
            status.path("podIPs")
                    .forEach(address -> addresses.put(address.path("ip").asText(), key));
        }
        for (String kind : List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
            status.path(kind).forEach(container -> {
                String name = container.path("name").asText();
                id(container.path("containerID").asText(), name);
                id(
                        container
                                .path("lastState")
                                .path("terminated")
                                .path("containerID")
                                .asText(),
                        name);
            });
        }
    }

    private void id(String id, String container) {
        if (!id.isEmpty()) {
            containers.put(id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3), container);
        }
    }

    /** The pod that has a uid, or the hash of whose manifest it is. */
    public Optional<ObjectKey> pod(String uid) {
        return Optional.ofNullable(pods.get(uid));
    }

    /** The uids of pods of a name, in a namespace or in any if that is {@code ""}. */
    public Set<String> uids(String namespace, String name) {
        return uids(key -> (name.isEmpty() || key.name().equals(name))
                && (namespace.isEmpty() || key.namespace().equals(namespace)));
    }

    Set<String> uids(Predicate<ObjectKey> isWanted) {
        Set<String> uids = new TreeSet<>();
        pods.forEach((uid, key) -> {
            if (isWanted.test(key)) {
                uids.add(uid);
            }
        });
        return uids;
    }

    /** A container's name, or the beginning of its id if it is none of a pod: the sandbox, for example. */
    public String container(String id) {
        return containers.getOrDefault(id, id.length() > SHORT_ID ? id.substring(0, SHORT_ID) : id);
    }

    /** Who had an address. */
    public Optional<ObjectKey> owner(String address) {
        return Optional.ofNullable(addresses.get(address));
    }

    /** The addresses of pods of a name in a namespace; either is any if it is {@code ""}. */
    public Set<String> podAddresses(String namespace, String name) {
        Set<String> all = new TreeSet<>();
        addresses.forEach((address, key) -> {
            if (key.type().equals(PODS)
                    && (name.isEmpty() || key.name().equals(name))
                    && (namespace.isEmpty() || key.namespace().equals(namespace))) {
                all.add(address);
            }
        });
        return all;
    }

    /** The addresses of a service and of those behind it, of all services if {@code ""}; empty if there was no such service. */
    public Set<String> addresses(String namespace, String service) {
        Set<String> all = new TreeSet<>();
        services.forEach((key, theirs) -> {
            if ((service.isEmpty() || key.name().equals(service))
                    && (namespace.isEmpty() || key.namespace().equals(namespace))) {
                all.addAll(theirs);
            }
        });
        return all;
    }
}
