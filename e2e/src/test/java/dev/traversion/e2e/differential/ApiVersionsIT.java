/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.WriterOptions;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.e2e.recording.LiveRecording;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kinds that are served in several API versions, and recorded in one. */
@Tag("differential")
@UsesControlPlane
class ApiVersionsIT {

    private static final String AUTOSCALERS = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";

    @Test
    void autoscalersInTheOldVersionAreThoseOfTheApiServer(@TempDir Path directory) throws Exception {
        try (ControlPlane plane = ControlPlane.start(new String[0])) {
            String manifest;
            try (InputStream in = getClass().getResourceAsStream("autoscalers.yaml")) {
                manifest = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
            for (String[] command : new String[][] {
                {"create", "-f", "-"},
                {"apply", "--server-side", "--force-conflicts", "--subresource=status", "-f", "-"}
            }) {
                assertThat(plane.kubectl().runWithInput(manifest, command).err())
                        .isEmpty();
            }
            try (LiveRecording recording = new LiveRecording(
                            plane.kubeconfig(), directory, 1, WriterOptions.of("test", directory.resolve("state")));
                    ApiClient live = new ApiClient(plane.kubeconfig());
                    ApiClient past = new ApiClient(recording.kubeconfig())) {
                for (String name : new String[] {"cpu", "many", "objects", "mixed", "behaving"}) {
                    ApiClient.Answer server = live.get(AUTOSCALERS + "/" + name);
                    assertThat(server.status()).isEqualTo(200);
                    assertThat(past.get(AUTOSCALERS + "/" + name).body()).isEqualTo(server.body());
                }
                assertThat(past.get("/apis/autoscaling").body())
                        .isEqualTo(live.get("/apis/autoscaling").body());
            }
        }
    }
}
