/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import dev.traversion.e2e.cluster.Kubectl;
import java.nio.file.Path;

/** What is shipped in config/. */
final class Definitions {

    private Definitions() {}

    /** The CustomResourceDefinitions only. */
    static void apply(Kubectl kubectl) {
        apply(kubectl, "config/crd");
    }

    /** Everything, the roles of the operator and of its workloads included. */
    static void applyAll(Kubectl kubectl) {
        apply(kubectl, "config/default");
    }

    private static void apply(Kubectl kubectl, String folder) {
        Path path = Path.of(System.getProperty("traversion.root"), folder);
        kubectl.output("apply", "--server-side", "-k", path.toString());
        kubectl.awaitEstablished(
                "crd", "recordings.traversion.dev", "recordingpolicies.traversion.dev", "snapshots.traversion.dev");
    }
}
