/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.TraversionException;
import dev.traversion.fuzzing.FuzzTargets;
import dev.traversion.rewind.json.GoJson;
import java.nio.charset.StandardCharsets;

/** The columns of a CustomResourceDefinition come from anybody. */
class JsonPathFuzzTest implements FuzzTargets {

    private static final JsonNode OBJECT = GoJson.read(
            "{\"metadata\":{\"name\":\"a\"},\"a.b\":1,\"spec\":{\"l\":[{\"n\":1,\"t\":\"x\"},{\"n\":2.5,\"t\":\"y\"},[],null,true]}}"
                    .getBytes(StandardCharsets.UTF_8));

    @FuzzTest
    void anyPathIsReadOrRefused(byte[] input) {
        String path = new String(input, StandardCharsets.UTF_8);
        try {
            assertThat(JsonPath.of(path).first(OBJECT)).isNotNull();
        } catch (TraversionException e) {
            assertThat(e).hasMessageContaining("is not a JSONPath");
        }
    }
}
