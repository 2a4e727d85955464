/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.testing.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random objects with secrets wherever they may be: none may survive, and nothing else may change. */
class CanaryTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceType SECRETS = new ResourceType("", "secrets");
    private static final ResourceType WIDGETS = new ResourceType("example.test", "widgets");
    private static final int OBJECTS = 1_000;
    private static final String CANARY = "c4n4ry";
    private static final List<String> SECRET_NAMES =
            List.of("password", "dbPassword", "clientSecret", "apiKey", "AUTH_TOKEN", "credentials");
    private static final List<String> NAMES =
            List.of("a", "größe", "spec", "env", "items", "x.y/z", "replicas", "data");

    private final Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[] {1}));
    private long seed;
    private Random random;

    @BeforeEach
    void seed() {
        seed = Seed.take();
        random = new Random(seed);
    }

    @Test
    void noCanarySurvivesAndEveryOtherByteStays() throws IOException {
        int secrets = 0;
        for (int i = 0; i < OBJECTS; i++) {
            String body = JSON.writeValueAsString(object(0));
            String masked = mask(WIDGETS, body);
            assertThat(masked).as("seed %d, object %d: %s", seed, i, body).doesNotContain(CANARY);
            assertThat(masked.replaceAll("hmac:[0-9a-f]{32}", CANARY))
                    .as("seed %d, object %d", seed, i)
                    .isEqualTo(body);
            secrets += body.split(CANARY, -1).length - 1;
        }
        assertThat(secrets).isGreaterThan(OBJECTS);
    }

    @Test
    void noCanarySurvivesInSecretsNorInTheirLastAppliedConfiguration() throws IOException {
        for (int i = 0; i < OBJECTS; i++) {
            ObjectNode secret = JSON.createObjectNode().put("kind", "Secret");
            fill(secret);
            String applied = JSON.writeValueAsString(secret) + "\n";
            secret.putObject("metadata")
                    .put("name", "s")
                    .putObject("annotations")
                    .put("kubectl.kubernetes.io/last-applied-configuration", applied);
            String masked = mask(SECRETS, JSON.writeValueAsString(secret));
            assertThat(masked).as("seed %d, object %d", seed, i).doesNotContain(CANARY);
            JsonNode read = JSON.readTree(masked);
            for (JsonNode value : read.path("data")) {
                assertThat(value.isTextual()).isTrue();
                assertThat(text(Base64.getDecoder().decode(value.asText())))
                        .as("seed %d, object %d", seed, i)
                        .matches("|hmac:[0-9a-f]{32}");
            }
            Matcher base64 = Pattern.compile("[A-Za-z0-9+/]{8,}={0,2}").matcher(masked);
            while (base64.find()) {
                if (base64.group().length() % 4 == 0) {
                    assertThat(text(Base64.getDecoder().decode(base64.group())))
                            .as("seed %d, object %d", seed, i)
                            .doesNotContain(CANARY);
                }
            }
        }
    }

    private void fill(ObjectNode secret) {
        ObjectNode data = secret.putObject("data");
        ObjectNode stringData = secret.putObject("stringData");
        for (int i = random.nextInt(5); i >= 0; i--) {
            byte[] binary = new byte[random.nextInt(40)];
            random.nextBytes(binary);
            byte[] value = (text(binary) + CANARY).getBytes(StandardCharsets.UTF_8);
            data.put("key" + i, Base64.getEncoder().encodeToString(value));
            stringData.put("text" + i, "<&\n\"" + CANARY.repeat(random.nextInt(3)));
        }
    }

    private ObjectNode object(int depth) throws JsonProcessingException {
        ObjectNode object = JSON.createObjectNode();
        for (int i = random.nextInt(6); i > 0; i--) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            switch (random.nextInt(depth > 5 ? 4 : 8)) {
                case 0 -> object.put(name, random.nextBoolean() ? "text ü \"\\\n" : "{{ not json }}");
                case 1 -> object.put(name, random.nextInt());
                case 2, 3 -> object.put(SECRET_NAMES.get(random.nextInt(SECRET_NAMES.size())), CANARY);
                case 4 -> object.set(name, object(depth + 1));
                case 5 -> object.set(name, array(depth + 1));
                case 6 -> object.put(name, nested(depth + 1));
                default -> object.set("env", environment());
            }
        }
        return object;
    }

    private ArrayNode array(int depth) throws JsonProcessingException {
        ArrayNode array = JSON.createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> array.add(nested(depth + 1));
                case 1 -> array.add("text");
                default -> array.add(object(depth + 1));
            }
        }
        return array;
    }

    /** JSON as text, as it is in annotations and config maps. */
    private String nested(int depth) throws JsonProcessingException {
        ObjectNode inner = object(depth);
        String text = random.nextBoolean()
                ? JSON.writeValueAsString(inner)
                : JSON.writerWithDefaultPrettyPrinter().writeValueAsString(inner);
        return switch (random.nextInt(4)) {
            case 0 -> "[" + text + "]";
            case 1 -> " \n" + text + "\n" + text;
            default -> text;
        };
    }

    private ArrayNode environment() {
        ArrayNode env = JSON.createArrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            ObjectNode variable = env.addObject();
            String name = List.of("DB_PASSWORD", "LICENSE_KEY", "SENTRY_DSN").get(random.nextInt(3));
            switch (random.nextInt(3)) {
                case 0 -> variable.put("name", name).put("value", CANARY);
                case 1 -> variable.put("value", CANARY).put("name", name);
                default -> variable.put("name", "PORT").put("value", "8080");
            }
        }
        return env;
    }

    private String mask(ResourceType type, String body) throws IOException {
        return text(masking.apply(type, body.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
