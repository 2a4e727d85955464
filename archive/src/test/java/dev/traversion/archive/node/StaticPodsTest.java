/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;

class StaticPodsTest {

    private static JsonNode pod(String hash) {
        return JsonNodeFactory.instance
                .objectNode()
                .set(
                        "metadata",
                        JsonNodeFactory.instance
                                .objectNode()
                                .set(
                                        "annotations",
                                        JsonNodeFactory.instance.objectNode().put("kubernetes.io/config.hash", hash)));
    }

    @Test
    void aPodIsNotAnotherOneBecauseItSaysSo() {
        assertThat(StaticPods.hash(pod("0f343b0931126a20f133d67c2b018a3b")))
                .contains("0f343b0931126a20f133d67c2b018a3b");

        assertThat(StaticPods.hash(pod("6f3f4a2e-0c1d-4f7e-9d55-0d9a3a6f2f10"))).isEmpty();
        assertThat(StaticPods.hash(JsonNodeFactory.instance.objectNode())).isEmpty();
    }
}
