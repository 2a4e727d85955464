/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import dev.traversion.e2e.cluster.Kubectl;
import java.nio.file.Path;

/** The CustomResourceDefinitions that are shipped. */
final class Definitions {

    private Definitions() {}

    static void apply(Kubectl kubectl) {
        String folder =
                Path.of(System.getProperty("traversion.root"), "config/crd").toString();
        kubectl.output("apply", "--server-side", "-k", folder);
        kubectl.output(
                "wait",
                "--for=condition=Established",
                "--timeout=60s",
                "crd",
                "recordings.traversion.dev",
                "recordingpolicies.traversion.dev",
                "snapshots.traversion.dev");
    }
}
