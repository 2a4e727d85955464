/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;

/** Something that is done to the cluster. {@code ${NAMESPACE}} in it is the scenario's namespace. */
public sealed interface Step {

    /**
     * Applies a manifest.
     *
     * @param as the field manager
     */
    record Apply(String manifest, String as) implements Step {}

    /**
     * Patches one object.
     *
     * @param object such as {@code deployment/web}
     * @param type merge, strategic or json
     * @param as the field manager
     */
    record Patch(String object, String type, JsonNode with, String as) implements Step {}

    /** @param what arguments of "kubectl delete" */
    record Delete(String what) implements Step {}

    /**
     * Runs a shell command on the machine that is the cluster's node. KUBECONFIG is set to the scenario's namespace, NAMESPACE is its
     * name, TRAVERSION the launcher, and kubectl is on the PATH.
     */
    record Run(String command) implements Step {}

    /** Waits for something. */
    record Wait(Condition until) implements Step {}

    /** Waits that long. */
    record Pause(int seconds) implements Step {}

    /** @throws IllegalArgumentException if it is none, with where it stands */
    static Step of(JsonNode node, String where) {
        if (node.has("apply")) {
            Fields.only(node, where, "apply", "as");
            return new Apply(Fields.text(node, where, "apply"), node.path("as").asText("kubectl-client-side-apply"));
        } else if (node.has("patch")) {
            Fields.only(node, where, "patch", "type", "with", "as");
            if (!node.path("with").isContainerNode()) {
                throw new IllegalArgumentException(where + ": 'with' must be the patch");
            }
            return new Patch(
                    Fields.text(node, where, "patch"),
                    node.path("type").asText("strategic"),
                    node.get("with"),
                    node.path("as").asText("kubectl-patch"));
        } else if (node.has("delete")) {
            Fields.only(node, where, "delete");
            return new Delete(Fields.text(node, where, "delete"));
        } else if (node.has("run")) {
            Fields.only(node, where, "run");
            return new Run(Fields.text(node, where, "run"));
        } else if (node.has("wait")) {
            Fields.only(node, where, "wait");
            return node.get("wait").isInt()
                    ? new Pause(node.get("wait").asInt())
                    : new Wait(Condition.of(node.get("wait"), where));
        }
        throw new IllegalArgumentException(where + ": a step is one of apply, patch, delete, run, wait");
    }
}
