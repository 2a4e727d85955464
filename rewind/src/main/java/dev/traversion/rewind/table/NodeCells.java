/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Nodes, runtime classes and leases. */
final class NodeCells {

    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

    private NodeCells() {}

    static void addTo(Kinds kinds, int minor) {
        Kind node = kinds.add("", "nodes")
                .cell("Status", NodeCells::status)
                .cell("Roles", NodeCells::roles)
                .text("Version", "status.nodeInfo.kubeletVersion")
                .cell("Internal-IP", (JsonNode object) -> address(object, "InternalIP"))
                .cell("External-IP", (JsonNode object) -> address(object, "ExternalIP"))
                .nonEmpty("OS-Image", "status.nodeInfo.osImage", Ages.UNKNOWN)
                .nonEmpty("Kernel-Version", "status.nodeInfo.kernelVersion", Ages.UNKNOWN)
                .nonEmpty("Container-Runtime", "status.nodeInfo.containerRuntimeVersion", Ages.UNKNOWN);
        if (minor >= 36) {
            node.cell("Kernel-Version", NodeCells::kernelAndArchitecture);
        }
        kinds.add("node.k8s.io", "runtimeclasses").text("Handler", "handler");
        kinds.add("coordination.k8s.io", "leases").text("Holder", "spec.holderIdentity");
        kinds.add("coordination.k8s.io", "leasecandidates")
                .text("LeaseName", "spec.leaseName")
                .text("BinaryVersion", "spec.binaryVersion")
                .text("EmulationVersion", "spec.emulationVersion");
    }

    private static String status(JsonNode node) {
        Optional<JsonNode> ready = Conditions.last(node.path("status").path("conditions"), "Ready");
        String status = ready.map(condition -> Conditions.isTrue(condition) ? "Ready" : "NotReady")
                .orElse("Unknown");
        boolean cordoned = node.path("spec").path("unschedulable").asBoolean(false);
        return cordoned ? status + ",SchedulingDisabled" : status;
    }

    private static String roles(JsonNode node) {
        TreeSet<String> roles = new TreeSet<>();
        for (Map.Entry<String, JsonNode> label :
                node.path("metadata").path("labels").properties()) {
            if (label.getKey().startsWith(ROLE_PREFIX)) {
                roles.add(label.getKey().substring(ROLE_PREFIX.length()));
            } else if (label.getKey().equals("kubernetes.io/role")) {
                roles.add(label.getValue().asText());
            }
        }
        roles.remove("");
        return roles.isEmpty() ? Selectors.NONE : String.join(",", roles);
    }

    private static String address(JsonNode node, String type) {
        for (JsonNode address : node.path("status").path("addresses")) {
            if (Field.text(address, "type").equals(type)) {
                return Field.text(address, "address");
            }
        }
        return Selectors.NONE;
    }

    private static String kernelAndArchitecture(JsonNode node) {
        JsonNode info = node.path("status").path("nodeInfo");
        String architecture = Field.text(info, "architecture");
        return Field.text(info, "kernelVersion", Ages.UNKNOWN)
                + (architecture.isEmpty() ? "" : " (" + architecture + ")");
    }
}
