/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What is in etcd, and was: every change with its revision. What was compacted is still known here, but not to be had. */
final class SimulatedCluster {

    private static final List<ServedResource> RESOURCES = List.of(
            new ServedResource(new ResourceType("", "configmaps"), "v1", "ConfigMap", true, ""),
            new ServedResource(new ResourceType("apps", "deployments"), "v1", "Deployment", true, ""),
            new ServedResource(new ResourceType("", "nodes"), "v1", "Node", false, ""));
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
    private static final List<String> NAMESPACES = List.of("default", "shop");

    /**
     * A change.
     *
     * @param body as a watch delivers it: of a deletion the last state, with the deletion's own version
     */
    record Version(ObjectKey key, long revision, Operation operation, String uid, byte[] body) {}

    private final Map<ResourceType, List<Version>> history = new LinkedHashMap<>();
    private final Map<ResourceType, TreeMap<ObjectKey, Version>> live = new LinkedHashMap<>();
    private long revision = 100;
    private long compacted;
    private long uids;

    SimulatedCluster() {
        for (ServedResource resource : RESOURCES) {
            history.put(resource.type(), new ArrayList<>());
            live.put(resource.type(), new TreeMap<>());
        }
    }

    Map<ResourceType, ServedResource> served() {
        Map<ResourceType, ServedResource> served = new LinkedHashMap<>();
        RESOURCES.forEach(resource -> served.put(resource.type(), resource));
        return served;
    }

    long revision() {
        return revision;
    }

    /** The revisions before this one are not to be had any more. */
    long compacted() {
        return compacted;
    }

    void compact(long before) {
        compacted = Math.max(compacted, before);
    }

    /** Every change of a type, in order. */
    List<Version> history(ResourceType type) {
        return history.get(type);
    }

    /** The objects there were at a revision. */
    NavigableMap<ObjectKey, Version> state(ResourceType type, long at) {
        if (at >= revision) {
            return live.get(type);
        }
        TreeMap<ObjectKey, Version> state = new TreeMap<>();
        for (Version version : history.get(type)) {
            if (version.revision > at) {
                break;
            }
            if (version.operation == Operation.DELETED) {
                state.remove(version.key);
            } else {
                state.put(version.key, version);
            }
        }
        return state;
    }

    /** One change of any object, or of something nobody watches. */
    String change(RandomGenerator random) {
        revision++;
        if (random.nextInt(30) == 0) {
            return "something else";
        }
        ServedResource resource = RESOURCES.get(random.nextInt(RESOURCES.size()));
        String namespace = resource.namespaced() ? NAMESPACES.get(random.nextInt(NAMESPACES.size())) : "";
        ObjectKey key = new ObjectKey(resource.type(), namespace, NAMES.get(random.nextInt(NAMES.size())));
        Version before = live.get(resource.type()).get(key);
        Version after;
        if (before == null) {
            String uid = "uid-" + ++uids;
            after = new Version(key, revision, Operation.ADDED, uid, body(resource, key, uid, random));
        } else if (random.nextInt(4) == 0) {
            byte[] last = text(before.body)
                    .replace(
                            "\"resourceVersion\":\"" + before.revision + "\"",
                            "\"resourceVersion\":\"" + revision + "\"")
                    .getBytes(StandardCharsets.UTF_8);
            after = new Version(key, revision, Operation.DELETED, before.uid, last);
        } else {
            after = new Version(key, revision, Operation.MODIFIED, before.uid, body(resource, key, before.uid, random));
        }
        history.get(resource.type()).add(after);
        if (after.operation == Operation.DELETED) {
            live.get(resource.type()).remove(key);
        } else {
            live.get(resource.type()).put(key, after);
        }
        return after.operation + " " + key;
    }

    private byte[] body(ServedResource resource, ObjectKey key, String uid, RandomGenerator random) {
        StringBuilder data = new StringBuilder();
        int words = random.nextInt(20) == 0 ? 300 : random.nextInt(12);
        for (int i = 0; i < words; i++) {
            data.append(Integer.toString(random.nextInt(), 36)).append(' ');
        }
        String namespace = key.namespace().isEmpty() ? "" : ",\"namespace\":\"" + key.namespace() + "\"";
        return ("{\"kind\":\"" + resource.kind() + "\",\"apiVersion\":\"" + resource.apiVersion()
                        + "\",\"metadata\":{\"name\":\"" + key.name() + "\"" + namespace + ",\"uid\":\"" + uid
                        + "\",\"resourceVersion\":\"" + revision + "\"},\"note\":\"" + data + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }
}
