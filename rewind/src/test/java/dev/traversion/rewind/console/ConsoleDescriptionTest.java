/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the program does. */
class ConsoleDescriptionTest {

    private static final String ROOT = "/console/api/clusters/{cluster}/";

    @Test
    void everyEndpointIsDescribedWithItsParameters() throws IOException {
        JsonNode paths = new ObjectMapper().readTree(ConsoleApi.description()).path("paths");
        Map<String, Set<String>> described = new TreeMap<>();
        paths.properties().forEach(path -> {
            if (path.getKey().startsWith(ROOT)) {
                Set<String> parameters = new TreeSet<>();
                path.getValue().path("get").path("parameters").forEach(parameter -> {
                    if (parameter.path("in").asText().equals("query")) {
                        parameters.add(parameter.path("name").asText());
                    }
                });
                described.put(path.getKey().substring(ROOT.length()), parameters);
            }
        });
        assertThat(described).isEqualTo(new ConsoleApi(Map.of()).endpoints());
    }
}
