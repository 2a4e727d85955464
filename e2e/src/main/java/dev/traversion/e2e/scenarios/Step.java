/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Something that is done to the cluster. {@code ${NAMESPACE}} in it is the scenario's namespace. */
public sealed interface Step {

    /**
     * Applies a manifest: written down, or the name of a file of the scenario's folder.
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
     * Runs a shell command in the scenario's folder, on the machine that is the cluster's node. KUBECONFIG is set to the scenario's namespace, NAMESPACE is its
     * name, TRAVERSION the launcher, and kubectl is on the PATH.
     */
    record Run(String command) implements Step {}

    /** Waits for something. */
    record Wait(Condition until) implements Step {}

    /** Waits that long. */
    record Pause(int seconds) implements Step {}

    /** @throws IllegalArgumentException if it is none, with where it stands */
    static Step of(Path folder, JsonNode node, String where) throws IOException {
        if (node.has("apply")) {
            Fields.only(node, where, "apply", "as");
            return new Apply(
                    manifest(folder, Fields.text(node, where, "apply"), where),
                    node.path("as").asText("kubectl-client-side-apply"));
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
            JsonNode wait = node.get("wait");
            if (!wait.isInt() && !wait.isObject()) {
                throw new IllegalArgumentException(
                        where + ": 'wait' must be a whole number of seconds, or {get, matches}");
            }
            return wait.isInt() ? new Pause(wait.asInt()) : new Wait(Condition.of(wait, where));
        }
        throw new IllegalArgumentException(where + ": a step is one of apply, patch, delete, run, wait");
    }

    /** Whether a file's name is that of a manifest. */
    static boolean isManifest(String name) {
        return name.matches("\\S+\\.(yaml|yml|json)");
    }

    private static String manifest(Path folder, String text, String where) throws IOException {
        if (!isManifest(text.strip())) {
            return text;
        }
        Path file = folder.resolve(text.strip());
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(where + ": there is no file " + file);
        }
        return Files.readString(file);
    }
}
