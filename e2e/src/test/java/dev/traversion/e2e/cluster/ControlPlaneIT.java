/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("cluster")
@UsesControlPlane
class ControlPlaneIT {

    @Test
    void keepsWhatWasWrittenWhenTheApiserverIsKilled(ControlPlane plane) {
        plane.kubectl().output("create", "configmap", "kept");

        plane.kill("apiserver");
        assertThat(plane.kubectl().run("get", "configmap", "kept").status()).isNotZero();
        plane.start("apiserver");

        assertThat(plane.kubectl().output("get", "configmap", "kept", "-o", "name"))
                .isEqualTo("configmap/kept\n");
    }

    @Test
    void isNotCompacted(ControlPlane plane) {
        String version =
                plane.kubectl().output("create", "configmap", "old", "-o", "jsonpath={.metadata.resourceVersion}");
        plane.kubectl().output("delete", "configmap", "old");

        String then = plane.kubectl()
                .output(
                        "get",
                        "--raw",
                        "/api/v1/namespaces/default/configmaps?resourceVersionMatch=Exact&resourceVersion=" + version);

        assertThat(then).contains("\"name\":\"old\"");
    }
}
