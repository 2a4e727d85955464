/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.fuzzing.FuzzTargets;
import java.io.IOException;

/** Any object that an API server stores is converted: fields that are not there, or not what they were, are no failure. */
class ConversionFuzzTest implements FuzzTargets {

    private static final ObjectMapper JSON = new ObjectMapper();

    @FuzzTest
    void autoscalersAreConverted(byte[] input) throws IOException {
        converted(
                HorizontalPodAutoscalerConversion.find("autoscaling/v2", "autoscaling/v1")
                        .orElseThrow(),
                input);
    }

    @FuzzTest
    void eventsAreConverted(byte[] input) throws IOException {
        converted(EventConversion.find("v1", "events.k8s.io/v1").orElseThrow(), input);
    }

    private static void converted(Conversion conversion, byte[] input) throws IOException {
        JsonNode tree;
        try {
            tree = JSON.readTree(input);
        } catch (IOException e) {
            return;
        }
        if (tree.isObject()) {
            assertThat(JSON.readTree(conversion.convert(JSON.writeValueAsBytes(tree)))
                            .isObject())
                    .isTrue();
        }
    }
}
