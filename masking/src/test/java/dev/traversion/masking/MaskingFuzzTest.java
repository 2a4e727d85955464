/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.json.ObjectJson;
import dev.traversion.fuzzing.Choices;
import dev.traversion.fuzzing.FuzzTargets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class MaskingFuzzTest implements FuzzTargets {

    private static final ObjectMapper JSON = new ObjectMapper(ObjectJson.FACTORY);
    private static final String CANARY = "c4n4ry";
    private static final String CANARY_IN_BASE64 = base64("c4n4ry-c4n4ry");
    private static final List<ResourceType> TYPES = List.of(
            new ResourceType("", "secrets"),
            new ResourceType("", "configmaps"),
            new ResourceType("", "pods"),
            new ResourceType("example.test", "widgets"),
            new ResourceType("apiextensions.k8s.io", "customresourcedefinitions"));
    private static final List<String> SECRET_NAMES = List.of(
            "password",
            "dbPassword",
            "client-secret",
            "apiKey",
            "AUTH_TOKEN",
            "credentials",
            "private_key",
            "a.b.token");
    private static final List<String> NAMES = List.of(
            "a", "größe", "spec", "env", "items", "x.y/z", "data", "stringData", "annotations", "mode", "é\"\\", "");

    private final Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[] {1}));

    /** Whatever it is given, it refuses it, or keeps it the same shape. */
    @FuzzTest
    void anythingKeepsItsShape(byte[] input) throws IOException {
        for (ResourceType type : TYPES) {
            byte[] masked;
            try {
                masked = masking.apply(type, input);
            } catch (IOException e) {
                continue;
            }
            assertThat(masking.apply(type, input)).isEqualTo(masked);
            JsonNode before = tree(input);
            if (before != null) {
                assertSameShape(before, JSON.readTree(masked));
            }
        }
    }

    /** A secret does not survive, wherever it is. */
    @FuzzTest
    void noCanarySurvives(byte[] input) throws IOException {
        Choices choices = new Choices(input);
        ResourceType type = choices.of(TYPES.subList(0, 4));
        ObjectNode object = object(choices, 0, type.group().contains("."));
        if (type.resource().equals("secrets")) {
            object.putObject("data").put(choices.text(5), CANARY_IN_BASE64);
            object.putObject("stringData").put(choices.text(5), CANARY);
        }
        byte[] body = JSON.writeValueAsBytes(object);
        byte[] masked = masking.apply(type, body);
        assertNoCanary(new String(masked, StandardCharsets.UTF_8), new String(body, StandardCharsets.UTF_8));
        assertSameShape(object, JSON.readTree(masked));
    }

    private ObjectNode object(Choices choices, int depth, boolean isCustom) throws IOException {
        ObjectNode object = JSON.createObjectNode();
        for (int i = choices.below(6); i > 0; i--) {
            String name = choices.below(4) == 0 ? choices.text(6).replace(CANARY, "") : choices.of(NAMES);
            switch (choices.below(depth > 4 ? 4 : 10)) {
                case 0 -> object.put(name, "text " + choices.text(9).replace(CANARY, ""));
                case 1 -> object.put(name, choices.number());
                case 2 -> object.put(choices.of(SECRET_NAMES), CANARY + choices.text(4));
                case 3 -> object.put(name, line(choices));
                case 4 -> object.set(name, object(choices, depth + 1, isCustom));
                case 5 -> object.set(name, array(choices, depth + 1, isCustom));
                case 6 -> object.put(name, nested(choices, depth + 1, isCustom));
                case 7 -> object.set("env", environment(choices));
                case 8 -> {
                    if (isCustom) {
                        object.set(
                                choices.of(SECRET_NAMES),
                                JSON.createArrayNode()
                                        .add(CANARY)
                                        .add(JSON.createObjectNode().put("x", CANARY)));
                    }
                }
                default -> object.put(name, text(choices));
            }
        }
        return object;
    }

    private ArrayNode array(Choices choices, int depth, boolean isCustom) throws IOException {
        ArrayNode array = JSON.createArrayNode();
        for (int i = choices.below(4); i > 0; i--) {
            switch (choices.below(3)) {
                case 0 -> array.add(nested(choices, depth + 1, isCustom));
                case 1 -> array.add(line(choices));
                default -> array.add(object(choices, depth + 1, isCustom));
            }
        }
        return array;
    }

    private String nested(Choices choices, int depth, boolean isCustom) throws IOException {
        String text = JSON.writeValueAsString(object(choices, depth, isCustom));
        return switch (choices.below(4)) {
            case 0 -> "[" + text + "]";
            case 1 -> " \n" + text + "\n" + text;
            default -> text;
        };
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What is in base64 is read, too. */
    private static void assertNoCanary(String masked, String body) {
        assertThat(masked).as(body).doesNotContain(CANARY).doesNotContain(CANARY_IN_BASE64);
        Matcher runs = Pattern.compile("[A-Za-z0-9+/]{16,}={0,2}").matcher(masked);
        while (runs.find()) {
            if (runs.group().length() % 4 == 0) {
                assertNoCanary(new String(Base64.getDecoder().decode(runs.group()), StandardCharsets.ISO_8859_1), body);
            }
        }
    }

    private static String line(Choices choices) {
        String name = choices.of(SECRET_NAMES);
        return choices.of(List.of(
                        "--" + name + "=" + CANARY,
                        name + "=" + CANARY,
                        "export " + name + "='" + CANARY + "'",
                        "x --" + name + " " + CANARY,
                        "https://user:" + CANARY + "@host/x",
                        "Authorization: Bearer " + CANARY + CANARY,
                        "ghp_" + CANARY.repeat(5),
                        "-----BEGIN PRIVATE KEY-----" + CANARY + "-----END PRIVATE KEY-----",
                        base64("password=" + CANARY),
                        base64(base64("-----BEGIN PRIVATE KEY-----\n" + CANARY))))
                + (choices.yes() ? "" : " --x=y");
    }

    private static String text(Choices choices) {
        String name = choices.of(SECRET_NAMES);
        String indent = " ".repeat(choices.below(4));
        String lines = choices.of(List.of(
                name + ": " + CANARY,
                "\"" + name + "\": \"" + CANARY + "\",",
                name + ":\n" + indent + "  a: " + CANARY + "\n" + indent + "  b: [" + CANARY + "]",
                name + ": |\n" + indent + "  " + CANARY + "\n" + indent + "  " + CANARY,
                name + "=" + CANARY,
                "- " + name + ": '" + CANARY + "' # x"));
        return "a: b\n" + indent + lines + "\n" + (choices.yes() ? "c: d\n" : "");
    }

    private static ArrayNode environment(Choices choices) {
        ArrayNode env = JSON.createArrayNode();
        for (int i = choices.below(4); i > 0; i--) {
            ObjectNode variable = env.addObject();
            String name = choices.of(List.of("DB_PASSWORD", "LICENSE_KEY", "SENTRY_DSN"));
            switch (choices.below(3)) {
                case 0 -> variable.put("name", name).put("value", CANARY);
                case 1 -> variable.put("value", CANARY).put("name", name);
                default -> variable.put("name", "PORT").put("value", "8080");
            }
        }
        return env;
    }

    private static void assertSameShape(JsonNode before, JsonNode after) {
        assertThat(after.getNodeType()).isEqualTo(before.getNodeType());
        assertThat(after.size()).isEqualTo(before.size());
        if (before.isObject()) {
            Iterator<Map.Entry<String, JsonNode>> masked = after.properties().iterator();
            for (Map.Entry<String, JsonNode> member : before.properties()) {
                Map.Entry<String, JsonNode> other = masked.next();
                assertThat(other.getKey()).isEqualTo(member.getKey());
                assertSameShape(member.getValue(), other.getValue());
            }
        }
        for (int i = 0; before.isArray() && i < before.size(); i++) {
            assertSameShape(before.get(i), after.get(i));
        }
    }

    /** Null if it is not one JSON value. */
    private static JsonNode tree(byte[] input) {
        try {
            return JSON.readTree(input);
        } catch (IOException e) {
            return null;
        }
    }
}
