/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.json.ObjectJson;
import dev.traversion.fuzzing.Choices;
import dev.traversion.fuzzing.FuzzTargets;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

class WatchFuzzTest implements FuzzTargets {

    private static final ObjectMapper JSON = JsonMapper.builder(ObjectJson.FACTORY.copy())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final ServedResource WIDGETS =
            new ServedResource(new ResourceType("example.test", "widgets"), "v1", "Widget", true, "");

    /** However the network cuts it, a stream has the same lines. */
    @FuzzTest
    void anyChunksGiveTheLinesOfTheWhole(byte[] input) throws Exception {
        Choices choices = new Choices(input);
        List<Integer> cuts = new ArrayList<>();
        for (int i = choices.below(20); i > 0; i--) {
            cuts.add(1 + choices.below(300));
        }
        byte[] stream = choices.rest();
        List<String> lines = new ArrayList<>();
        LineFramer framer = new LineFramer(
                (bytes, offset, length) -> lines.add(new String(bytes, offset, length, StandardCharsets.ISO_8859_1)));
        int at = 0;
        for (int cut : cuts) {
            int end = Math.min(stream.length, at + cut);
            framer.accept(ByteBuffer.wrap(stream, at, end - at));
            at = end;
        }
        framer.accept(ByteBuffer.wrap(stream, at, stream.length - at));
        String text = new String(stream, StandardCharsets.ISO_8859_1);
        String ended = text.substring(0, text.lastIndexOf('\n') + 1);
        assertThat(lines)
                .isEqualTo(Arrays.stream(ended.split("\n"))
                        .filter(line -> !line.isEmpty())
                        .toList());
    }

    /** A line is the event that Jackson sees in it, or none. */
    @FuzzTest
    void anEventIsWhatItsJsonSays(byte[] line) {
        WatchEvent event;
        try {
            event = WatchEvent.parse(line, 0, line.length);
        } catch (IOException e) {
            return;
        }
        JsonNode tree = tree(line, 0, line.length);
        JsonNode object = tree(line, event.offset(), event.length());
        if (tree != null && tree.size() == 2) {
            assertThat(event.type().name()).isEqualTo(tree.path("type").asText());
            assertThat(object).isEqualTo(tree.path("object"));
        }
    }

    /** What is read of an object without parsing all of it agrees with all of it. */
    @FuzzTest
    void metadataIsWhatTheJsonSays(byte[] body) {
        ObjectMetadata metadata;
        try {
            metadata = ObjectMetadata.read(body, 0, body.length);
        } catch (IOException e) {
            return;
        }
        JsonNode tree = tree(body, 0, body.length);
        if (tree != null && tree.path("metadata").isObject()) {
            JsonNode inner = tree.path("metadata");
            assertThat(metadata.name()).isEqualTo(inner.path("name").asText(""));
            assertThat(metadata.namespace()).isEqualTo(inner.path("namespace").asText(""));
            assertThat(metadata.uid()).isEqualTo(inner.path("uid").asText(""));
            assertThat(metadata.resourceVersion())
                    .isEqualTo(inner.path("resourceVersion").asText(""));
        }
    }

    /** The items of a list are those that Jackson sees. */
    @FuzzTest
    void aListHoldsItsItems(byte[] list) throws Exception {
        List<JsonNode> items = new ArrayList<>();
        try {
            ListPage.read(list, WIDGETS, (bytes, offset, length) -> items.add(tree(bytes, offset, length)));
        } catch (IOException e) {
            return;
        }
        JsonNode tree = tree(list, 0, list.length);
        if (tree != null && items.stream().noneMatch(Objects::isNull)) {
            JsonNode listed = tree.path("items");
            assertThat(items).hasSize(listed.size());
            for (int i = 0; i < items.size(); i++) {
                for (String name : List.of("metadata", "spec", "a")) {
                    assertThat(items.get(i).get(name)).isEqualTo(listed.get(i).get(name));
                }
            }
        }
    }

    @FuzzTest
    void aVersionIsReplacedAndNothingElse(byte[] body) throws Exception {
        byte[] replaced;
        try {
            replaced = ObjectMetadata.withResourceVersion(body, "4711");
        } catch (IOException e) {
            return;
        }
        JsonNode before = tree(body, 0, body.length);
        if (before != null && before.at("/metadata/resourceVersion").isTextual()) {
            assertThat(ObjectMetadata.read(replaced).resourceVersion()).isEqualTo("4711");
        }
    }

    /** Null if it is no JSON, or has a member twice. */
    private static JsonNode tree(byte[] bytes, int offset, int length) {
        try {
            return JSON.readTree(bytes, offset, length);
        } catch (IOException e) {
            return null;
        }
    }
}
