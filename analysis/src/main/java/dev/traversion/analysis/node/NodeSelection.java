/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.node.NodeRow;
import java.util.List;
import java.util.Set;

/**
 * Which rows are asked for.
 *
 * @param node only of this one; of all if {@code ""}
 * @param uids only of these pods; of all, and of the nodes' own, if neither there nor among the objects is any
 * @param objects and of connections those from or to one of them: pods, or services and what is behind them
 */
public record NodeSelection(String node, Set<String> uids, Set<ObjectKey> objects) {

    public static final NodeSelection EVERYTHING = new NodeSelection("", Set.of(), Set.of());

    private static final String POD = "pod/";
    private static final String NODE = "node/";

    public NodeSelection {
        uids = Set.copyOf(uids);
        objects = Set.copyOf(objects);
    }

    /**
     * What processes of a target did.
     *
     * @param nodes with an agent
     * @param target {@code POD}, {@code pod/POD}, {@code NODE} or {@code node/NODE}; everything in the namespace if {@code ""}
     * @param namespace any if {@code ""}
     * @throws TraversionException if there was no such pod or node
     */
    public static NodeSelection processes(NodeNames names, List<String> nodes, String namespace, String target) {
        if (target.startsWith(NODE)) {
            return new NodeSelection(target.substring(NODE.length()), Set.of(), Set.of());
        }
        if (target.isEmpty() && namespace.isEmpty()) {
            return EVERYTHING;
        }
        String name = withoutPod(target);
        Set<String> uids = names.uids(namespace, name);
        if (!uids.isEmpty()) {
            return new NodeSelection("", uids, Set.of());
        }
        if (!name.isEmpty() && nodes.contains(name)) {
            return new NodeSelection(name, Set.of(), Set.of());
        }
        throw new TraversionException("There was no pod" + (name.isEmpty() ? "" : " " + name) + in(namespace)
                + " at that time" + (name.isEmpty() ? "" : ", nor a node of that name with an agent") + ". Nodes: "
                + String.join(", ", nodes));
    }

    /**
     * The connections of a target.
     *
     * @param target a service, or {@code pod/POD}; everything in the namespace if {@code ""}
     * @param namespace any if {@code ""}
     * @throws TraversionException if there was no such service or pod
     */
    public static NodeSelection connections(NodeNames names, String namespace, String target) {
        if (target.isEmpty() && namespace.isEmpty()) {
            return EVERYTHING;
        }
        boolean isPod = target.startsWith(POD);
        Set<String> uids = isPod || target.isEmpty() ? names.uids(namespace, withoutPod(target)) : Set.of();
        Set<ObjectKey> objects = isPod ? names.pods(namespace, withoutPod(target)) : names.services(namespace, target);
        if (uids.isEmpty() && objects.isEmpty()) {
            throw new TraversionException("There was no "
                    + (target.isEmpty() ? "pod" : isPod ? target : "service " + target + " with an address")
                    + in(namespace) + " at that time.");
        }
        return new NodeSelection("", uids, objects);
    }

    private static String withoutPod(String target) {
        return target.startsWith(POD) ? target.substring(POD.length()) : target;
    }

    private static String in(String namespace) {
        return namespace.isEmpty() ? "" : " in the namespace " + namespace;
    }

    boolean isOfNode(NodeRow row) {
        return node.isEmpty() || row.node().equals(node);
    }

    boolean containsProcess(NodeRow row) {
        return isOfNode(row) && (uids.isEmpty() || uids.contains(row.text("pod_uid")));
    }

    boolean containsFlow(NodeRow row, NodeNames names) {
        return isOfNode(row)
                && ((uids.isEmpty() && objects.isEmpty())
                        || uids.contains(row.text("pod_uid"))
                        || names.isOf(objects, row));
    }
}
