/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SEED = System.nanoTime();

    @Test
    void lazyTreesEqualWholeOnes() throws IOException {
        Random random = new Random(SEED);
        LazyJson lazy = new LazyJson();
        for (int i = 0; i < 500; i++) {
            byte[] json = JSON.writeValueAsBytes(container(random, 5));

            JsonNode tree = lazy.read(json, json.length);

            assertThat(JSON.writeValueAsString(tree))
                    .as("seed %d, document %d", SEED, i)
                    .isEqualTo(new String(json, StandardCharsets.UTF_8));
            JsonNode whole = JSON.readTree(json);
            for (String name :
                    whole.propertyStream().map(member -> member.getKey()).toList()) {
                assertThat(tree.get(name).isTextual()).isEqualTo(whole.get(name).isTextual());
                assertThat(tree.path(name).asText()).isEqualTo(whole.path(name).asText());
            }
        }
    }

    @Test
    void aNameThatLooksLikeAnotherOnesEscapesIsNotThatOne() throws IOException {
        byte[] json = "{\"\\\"\":1,\"\\\\\\\"\":2}".getBytes(StandardCharsets.UTF_8);

        JsonNode tree = new LazyJson().read(json, json.length);

        assertThat(tree.path("\"").intValue()).isEqualTo(1);
        assertThat(tree.path("\\\"").intValue()).isEqualTo(2);
    }

    @Test
    void indentsAsGoDoes() throws IOException {
        assertThat(through("{\"a\":[],\"b\":{},\"c\":[1,{\"d\":\"x\\\"{,\"}],\"e\":null}\n", true))
                .isEqualTo("""
                        {
                          "a": [],
                          "b": {},
                          "c": [
                            1,
                            {
                              "d": "x\\"{,"
                            }
                          ],
                          "e": null
                        }""");
    }

    @Test
    void yamlQuotesWhatWouldBeReadAsSomethingElse() throws IOException {
        assertThat(through(
                        "{\"z\":\"5\",\"a\":\"true\",\"b\":\"plain text\",\"c\":\"a: b\",\"d\":[{\"x\":1,\"y\":[]},\"-\"],\"e\":\"l1\\nl2\\n\","
                                + "\"f\":\"2026-01-31T14:00:00Z\",\"g\":{},\"h\":\"l1\\nl2\",\"i\":\"\",\".\":\"1.5\",\"j\":\"v1.36\"}\n",
                        false))
                .isEqualTo("""
                        .: "1.5"
                        a: "true"
                        b: plain text
                        c: 'a: b'
                        d:
                        - x: 1
                          "y": []
                        - '-'
                        e: |
                          l1
                          l2
                        f: "2026-01-31T14:00:00Z"
                        g: {}
                        h: |-
                          l1
                          l2
                        i: ""
                        j: v1.36
                        z: "5"
                        """);
    }

    @Test
    void metadataOfCustomResourcesIsBroughtIntoTheOrderOfTheTypedApi() throws IOException {
        byte[] alphabetical =
                ("{\"finalizers\":[\"f\"],\"labels\":{\"a\":\"b\"},\"managedFields\":[{\"apiVersion\":\"v1\",\"manager\":\"m\"}],"
                                + "\"name\":\"n\",\"ownerReferences\":[{\"apiVersion\":\"v1\",\"controller\":true,\"kind\":\"K\",\"name\":\"o\",\"uid\":\"u\"}],\"uid\":\"x\"}")
                        .getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        MetadataOrder.write(alphabetical, 0, out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"name\":\"n\",\"uid\":\"x\",\"labels\":{\"a\":\"b\"},\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"K\","
                                + "\"name\":\"o\",\"uid\":\"u\",\"controller\":true}],\"finalizers\":[\"f\"],"
                                + "\"managedFields\":[{\"manager\":\"m\",\"apiVersion\":\"v1\"}]}");
    }

    @Test
    void escapesAsGoDoes() {
        assertThat(new String(GoJson.bytes("<a & b>\u2028\"\n"), StandardCharsets.UTF_8))
                .isEqualTo("\"\\u003ca \\u0026 b\\u003e\\u2028\\\"\\n\"");
    }

    @Test
    void stringsEndAtTheirQuoteWhereverItStands() {
        for (String filling : new String[] {"a", "#", "]", "\u00a2", "\\\"", "\\\\", "\0"}) {
            for (int length = 0; length < 20; length++) {
                byte[] json = (" \"" + filling.repeat(length) + "\"#]a\"").getBytes(StandardCharsets.UTF_8);
                int end = 3 + filling.getBytes(StandardCharsets.UTF_8).length * length;
                assertThat(JsonScanner.end(json, 1)).as(filling + " " + length).isEqualTo(end);
                byte[] cut = Arrays.copyOf(json, end);
                assertThat(JsonScanner.end(cut, 1)).as("at the end").isEqualTo(end);
            }
        }
    }

    private static String through(String json, boolean pretty) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = pretty ? new PrettyOutput(bytes) : new YamlOutput(bytes)) {
            out.write(json.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static JsonNode container(Random random, int depth) {
        int size = random.nextInt(6);
        if (depth % 2 == 0) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < size; i++) {
                array.add(value(random, depth - 1));
            }
            return array;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < size; i++) {
            object.set(text(random), value(random, depth - 1));
        }
        return object;
    }

    private static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> JsonNodeFactory.instance.textNode(text(random));
            case 1 -> JsonNodeFactory.instance.numberNode(random.nextInt(1000) - 500);
            case 2 -> JsonNodeFactory.instance.numberNode(random.nextLong());
            case 3 -> JsonNodeFactory.instance.booleanNode(random.nextBoolean());
            case 4 -> JsonNodeFactory.instance.nullNode();
            default -> container(random, depth);
        };
    }

    private static String text(Random random) {
        String alphabet = "ab\"\\{}[],:é\n/ ";
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i >= 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
