/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.testing.RandomBodies;
import dev.traversion.archive.testing.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManagedFieldsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final long seed = Seed.take();

    @Test
    void cutLeavesValidJsonAndIsUndoneExactly() throws IOException {
        RandomBodies bodies = new RandomBodies(new Random(seed));
        int cuts = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] body = bodies.next(20);
            JsonNode tree = JSON.readTree(body);
            JsonNode expected = tree.path("metadata").get("managedFields");
            ManagedFields found = ManagedFields.find(body, body.length);
            if (expected == null) {
                assertThat(found).isNull();
                continue;
            }
            cuts++;
            byte[] fields = Arrays.copyOfRange(body, found.valueStart(), found.valueEnd());
            byte[] rest = without(body, found);
            assertThat(JSON.readTree(fields)).isEqualTo(expected);
            ((ObjectNode) tree.get("metadata")).remove("managedFields");
            assertThat(JSON.readTree(rest)).isEqualTo(tree);
            assertThat(restore(rest, fields, found.at())).isEqualTo(body);
        }
        assertThat(cuts).isGreaterThan(1000);
    }

    @Test
    void whatCannotBePutBackExactlyIsLeftWhole() {
        for (String body : new String[] {
            "{\"metadata\": {\"name\":\"a\", \"managedFields\":[]}}",
            "{\"metadata\":{\"managedFields\" :[]}}",
            "{\"metadata\":{\"managedFields\":[] ,\"name\":\"a\"}}",
            "{\"metadata\":{\"managedFields\":[],}}",
            "{\"metadata\":{,\"managedFields\":[]}}",
            "{\"metadata\":{\"managedFields\":[]",
            "{\"metadata\":{\"managedFields\":",
            "{\"metadata\":[\"managedFields\"]}",
            "{\"spec\":{\"managedFields\":[]}}",
            "{\"metadata",
            "[]",
            "",
            "null"
        }) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            assertThat(ManagedFields.find(bytes, bytes.length)).as(body).isNull();
        }
    }

    @Test
    void anyBytesAreTaken() {
        Random random = new Random(seed);
        RandomBodies bodies = new RandomBodies(random);
        ChangedPaths paths = new ChangedPaths();
        for (int i = 0; i < 20_000; i++) {
            byte[] body = bodies.next(5);
            byte[] broken = body.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                broken[random.nextInt(broken.length)] = (byte) "{}[],:\"\\x 1".charAt(random.nextInt(11));
            }
            broken = Arrays.copyOf(broken, random.nextInt(broken.length + 1));
            ManagedFields found = ManagedFields.find(broken, broken.length);
            if (found != null) {
                byte[] fields = Arrays.copyOfRange(broken, found.valueStart(), found.valueEnd());
                assertThat(restore(without(broken, found), fields, found.at())).isEqualTo(broken);
                assertThat(FieldManagers.newest(broken, found.valueStart(), found.valueEnd()))
                        .isNotNull();
            }
            assertThat(paths.between(body, body.length, broken, broken.length)).isNotNull();
            assertThat(paths.between(broken, broken.length, body, body.length)).isNotNull();
        }
    }

    @Test
    void newestManagerIsTheOneWhoseEntryChanged() {
        String first = "{\"manager\":\"first\",\"time\":\"2026-01-01T00:00:01Z\",\"fieldsV1\":{}}";
        String second = "{\"manager\":\"se\\\"cond\",\"time\":\"2026-01-01T00:00:05Z\",\"fieldsV1\":{}}";
        String changed = "{\"manager\":\"first\",\"time\":\"2026-01-01T00:00:05Z\",\"fieldsV1\":{\"f:a\":{}}}";
        assertThat(newest("[" + first + "," + second + "]", "")).isEqualTo("se\"cond");
        assertThat(newest("[" + second + "," + first + "]", "")).isEqualTo("se\"cond");
        assertThat(newest("[" + changed + "," + second + "]", "[" + first + "," + second + "]"))
                .isEqualTo("first");
        assertThat(newest("[" + first + "]", "[" + first + "," + second + "]")).isEqualTo("first");
        assertThat(newest("[]", "")).isEmpty();
        assertThat(newest("null", "")).isEmpty();
        assertThat(newest("[{\"time\":\"2026-01-01T00:00:05Z\"}]", "")).isEmpty();
    }

    private static String newest(String fields, String previous) {
        byte[] now = fields.getBytes(StandardCharsets.UTF_8);
        byte[] before = previous.getBytes(StandardCharsets.UTF_8);
        return FieldManagers.newest(now, 0, now.length, before, 0, before.length);
    }

    private static byte[] without(byte[] body, ManagedFields found) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(body, 0, found.at());
        out.write(body, found.resume(), body.length - found.resume());
        return out.toByteArray();
    }

    private static byte[] restore(byte[] rest, byte[] fields, int at) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(rest, 0, at);
        out.writeBytes(ManagedFields.before(rest[at - 1]));
        out.writeBytes(fields);
        if (at < rest.length) {
            out.writeBytes(ManagedFields.after(rest[at - 1], rest[at]));
        }
        out.write(rest, at, rest.length - at);
        return out.toByteArray();
    }
}
