/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The names of what the rows of a stretch of time tell of by id: of all pods that were there in it, however shortly, from the recorded
 * versions. An address means whoever had it at the time of the row.
 */
public final class NodeNames {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType SERVICES = new ResourceType("", "services");
    private static final ResourceType NODES = new ResourceType("", "nodes");
    private static final ResourceType SLICES = new ResourceType("discovery.k8s.io", "endpointslices");
    private static final List<ResourceType> TYPES = List.of(NODES, PODS, SERVICES, SLICES);
    private static final int SHORT_ID = 12;

    private final Map<String, ObjectKey> pods = new HashMap<>();
    private final Map<String, String> containers = new HashMap<>();
    private final AddressClaims addresses = new AddressClaims();

    /** Of services, and of what is behind them: that may be behind several. */
    private final AddressClaims services = new AddressClaims();

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

    /**
     * Learns the names of what somebody may know of.
     *
     * @param known with nothing else in it
     * @param everything with all others, whose addresses are nobody else's
     */
    public static NodeNames of(History known, History everything, long from, long to) throws IOException {
        Set<ObjectKey> seen = new HashSet<>();
        NodeNames names = new NodeNames();
        for (ResourceType type : TYPES) {
            learn(known, type, from, to, version -> {
                seen.add(version.key());
                return names.learn(version, true);
            });
        }
        if (!known.equals(everything)) {
            learn(everything, PODS, from, to, version -> seen.contains(version.key()) || names.learn(version, false));
        }
        return names;
    }

    /** Only those of some objects, and of the pods behind a service only if its EndpointSlices are among them. */
    static NodeNames of(History history, Predicate<ObjectKey> isKnown, long from, long to) throws IOException {
        NodeNames names = new NodeNames();
        for (ResourceType type : TYPES) {
            learn(history, type, from, to, version -> names.learn(version, isKnown.test(version.key())));
        }
        return names;
    }

    private static void learn(History history, ResourceType type, long from, long to, ObjectVersion.Visitor learn)
            throws IOException {
        history.list(type, "", null, from, learn);
        history.changes(type, "", from, to, learn);
    }

    private boolean learn(ObjectVersion version, boolean isKnown) throws IOException {
        ObjectKey key = version.key();
        long at = version.observedAt();
        boolean isDeleted = version.operation() == Operation.DELETED;
        if (version.bodyLength() > 0 && (isKnown || key.type().equals(PODS))) {
            NodeFacts facts = NodeFacts.of(version);
            if (isKnown) {
                facts.ids().forEach(id -> pods.put(id, key));
                containers.putAll(facts.containers());
            }
            if (!isDeleted) {
                learn(key, facts, isKnown, at);
            }
        }
        if (isDeleted) {
            addresses.end(key, at);
            services.end(key, at);
        }
        return true;
    }

    private void learn(ObjectKey key, NodeFacts facts, boolean isKnown, long at) {
        if (key.type().equals(SLICES)) {
            ObjectKey service = new ObjectKey(SERVICES, key.namespace(), facts.service());
            services.learn(key, service, isKnown, facts.addresses(), facts.created(), at);
            return;
        }
        addresses.learn(key, key, isKnown, facts.addresses(), facts.created(), at);
        if (key.type().equals(SERVICES)) {
            services.learn(key, key, isKnown, facts.addresses(), facts.created(), at);
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

    /** When the addresses of a row count: of a connection, when it was made. No pod outlives its address, but the other end may. */
    private static long moment(NodeRow row) {
        long started = row.table() == LandingTable.FLOWS ? row.number("started") : 0;
        return started > 0 ? started : row.time();
    }

    /** Who had the address of this end of a connection. */
    public Optional<ObjectKey> local(NodeRow row) {
        Optional<ObjectKey> owner = addresses.owner(row.text("local_address"), moment(row));
        String uid = row.text("pod_uid");
        // Whose process it was is known for certain, and a pod of the host's network has the node's address.
        boolean isOther =
                !uid.isEmpty() && owner.isPresent() && owner.get().type().equals(PODS) && !owner.equals(pod(uid));
        return isOther ? pod(uid) : owner;
    }

    /** Who had the address of the other end of a connection. */
    public Optional<ObjectKey> remote(NodeRow row) {
        return owner(row.text("remote_address"), row);
    }

    /** Who had an address that a row tells of. */
    Optional<ObjectKey> owner(String address, NodeRow row) {
        return addresses.owner(address, moment(row));
    }

    /** Whether a connection is one of some objects: of pods, or to services or what is behind them. */
    boolean isOf(Set<ObjectKey> objects, NodeRow row) {
        return local(row).filter(objects::contains).isPresent()
                || remote(row).filter(objects::contains).isPresent()
                || !Collections.disjoint(objects, services.owners(row.text("local_address"), moment(row)))
                || !Collections.disjoint(objects, services.owners(row.text("remote_address"), moment(row)));
    }

    /** The pods of a name in a namespace; either is any if it is {@code ""}. */
    Set<ObjectKey> pods(String namespace, String name) {
        return matching(pods.values(), namespace, name);
    }

    /** The services of a name in a namespace that have an address, or something behind them; either is any if it is {@code ""}. */
    Set<ObjectKey> services(String namespace, String name) {
        return matching(services.owners(), namespace, name);
    }

    private static Set<ObjectKey> matching(Collection<ObjectKey> all, String namespace, String name) {
        return all.stream()
                .filter(key -> name.isEmpty() || key.name().equals(name))
                .filter(key -> namespace.isEmpty() || key.namespace().equals(namespace))
                .collect(Collectors.toSet());
    }
}
