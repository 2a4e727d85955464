/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.traversion.fuzzing.FuzzTargets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Our readers of JSON see what Jackson sees; what is no compact JSON ends in an exception, never in an endless loop. */
class JsonFuzzTest implements FuzzTargets {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    @FuzzTest
    void theLazyTreeIsJacksons(byte[] input) throws IOException {
        byte[] compact = compact(input);
        if (compact == null) {
            try {
                assertThat(new LazyJson().read(input, input.length)).isNotNull();
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                assertThat(e).as("no JSON").isNotNull();
            }
            return;
        }
        JsonNode expected = JSON.readTree(compact);
        assertSame(new LazyJson().read(compact, compact.length), expected);
    }

    @FuzzTest
    void theScannerFindsWhatJacksonFinds(byte[] input) throws IOException {
        byte[] compact = compact(input);
        if (compact == null) {
            return;
        }
        JsonNode tree = JSON.readTree(compact);
        assertThat(JsonScanner.end(compact, 0)).isEqualTo(compact.length);
        JsonScanner.Members members = new JsonScanner.Members(compact, 0);
        int count = 0;
        while (members.next()) {
            JsonNode value = tree.get(members.name());
            int end = JsonScanner.end(compact, members.valueStart());
            assertThat(JSON.readTree(compact, members.valueStart(), end - members.valueStart()))
                    .isEqualTo(value);
            if (value.isTextual()) {
                assertThat(JsonScanner.text(compact, members.valueStart())).isEqualTo(value.asText());
            }
            count++;
        }
        assertThat(count).isEqualTo(tree.isObject() ? tree.size() : 0);
    }

    @FuzzTest
    void theOrderOfMetadataChangesNothingElse(byte[] input) throws IOException {
        byte[] compact = compact(input);
        if (compact != null && compact[0] == '{') {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            MetadataOrder.write(compact, 0, out);
            assertThat(JSON.readTree(out.toByteArray())).isNotNull();
        }
    }

    /** As an API server writes it; null if it is no JSON. */
    private static byte[] compact(byte[] input) {
        try {
            JsonNode tree = JSON.readTree(input);
            String text = tree == null || tree.isMissingNode() ? "" : JSON.writeValueAsString(tree);
            // no number of JSON is infinite, and none comes from an API server
            boolean isFinite = !text.contains("\"Infinity\"") && !text.contains("\"-Infinity\"");
            return text.isEmpty() || !isFinite ? null : text.getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            return null;
        }
    }

    private static void assertSame(JsonNode lazy, JsonNode expected) {
        assertThat(lazy.getNodeType()).isEqualTo(expected.getNodeType());
        assertThat(lazy.size()).isEqualTo(expected.size());
        if (expected.isObject()) {
            expected.properties().forEach(member -> assertSame(lazy.get(member.getKey()), member.getValue()));
        } else if (expected.isArray()) {
            for (int i = 0; i < expected.size(); i++) {
                assertSame(lazy.get(i), expected.get(i));
            }
        } else {
            assertThat(lazy.asText()).isEqualTo(expected.asText());
        }
    }
}
