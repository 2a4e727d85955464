/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.ResourceType;
import dev.traversion.archive.testing.Seed;
import dev.traversion.archive.testing.SyntheticCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first look at a body never changes what becomes of it. */
class PlainScanTest {

    private static final int BODIES = 20_000;
    private static final ResourceType PODS = new ResourceType("", "pods");

    /** The rules differ between kinds of Kubernetes, kinds of others, and those that are schemas. */
    private static final List<ResourceType> TYPES = List.of(
            PODS,
            new ResourceType("example.test", "widgets"),
            new ResourceType("apiextensions.k8s.io", "customresourcedefinitions"),
            new ResourceType("", "secrets"));

    private static final String[] NAMES = {
        "metadata",
        "spec",
        "selector",
        "labels",
        "managedFields",
        "name",
        "namespace",
        "value",
        "env",
        "data",
        "password",
        "token",
        "serviceAccountToken",
        "secretName",
        "API_KEY",
        "key",
        "apiKey",
        "a",
        "",
        "f:token",
        "k:{\\\"a\\\":1}",
        "p\\u0061ssword",
        "pässword",
        "metadata.labels",
        "environment",
        "items",
        "httpHeaders",
        "auths",
        "auth",
        "default",
        "v:\\\"ghp_0123456789012345678901234567\\\"",
        "k:{\\\"token\\\":\\\"x\\\"}",
        "v:\\\"x\\\""
    };
    private static final String[] TEXTS = {
        "",
        "x",
        "hunter2",
        "API_KEY",
        "DB_PASSWORD",
        "PATH",
        "{\\\"password\\\":\\\"x\\\"}",
        " {\\\"token\\\":1}",
        "{",
        "[",
        "[{",
        "[INFO] started",
        "[ [\\\"a\\\"]",
        "--password=hunter2",
        "--log=info",
        "--password",
        "--log info",
        "https://user:hunter2@db/x",
        "https:\\/\\/user:hunter2@db\\/x",
        "https:\\u002f/user:hunter2@db/x",
        "--password\\thunter2",
        "ghp\\u005f0123456789012345678901234567",
        "cGFzc3dvcmQ6\\/IGh1bnRlcjIKdXNlcjogcm9vdAo",
        "a \\u003c b \\u0026 c",
        "https://db:5432/x",
        "Bearer 0123456789abcdef",
        "-----BEGIN PRIVATE KEY-----hunter2-----END PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJl",
        "ghp_0123456789012345678901234567",
        "cGFzc3dvcmQ6IGh1bnRlcjIKdXNlcjogcm9vdAo",
        "RollingUpdateOfDeployments",
        "the password: hunter2",
        "a=b\\\"",
        "password: x\\nuser: y",
        "x\\r",
        "\\n{\\\"token\\\":\\\"y\\\"}",
        "\\u007b\\\"token\\\":\\\"y\\\"}",
        "\\ud83d",
        "äöü 😀",
        "a\\/b\\\\c\\t",
        "the quick brown fox jumps over",
        "\\u00e4"
    };
    private static final String[] OTHERS = {
        "0", "-0", "17", "-1.5e+10", "0.25E-3", "true", "false", "null", "123456789012345678901234567890"
    };

    private final Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[] {1}));
    private final long seed = Seed.take();
    private final Random random = new Random(seed);

    @Test
    void randomBodiesAreMaskedAsWithoutAFirstLook() {
        int plain = 0;
        int masked = 0;
        for (int i = 0; i < BODIES; i++) {
            byte[] body = object(5).getBytes(StandardCharsets.UTF_8);
            assertSame(TYPES.get(i % TYPES.size()), body);
            plain += masking.isPlain(PODS, body) ? 1 : 0;
            masked += outcome(() -> masking.apply(PODS, body)).contains("hmac:") ? 1 : 0;
        }
        assertThat(plain).as("bodies found to be plain, seed %d", seed).isGreaterThan(BODIES / 20);
        assertThat(masked).as("bodies with secrets, seed %d", seed).isGreaterThan(BODIES / 20);
    }

    @Test
    void damagedBodiesAreRefusedAsWithoutAFirstLook() {
        int refused = 0;
        int plain = 0;
        for (int i = 0; i < BODIES; i++) {
            byte[] body = damaged(object(3).getBytes(StandardCharsets.UTF_8));
            assertSame(TYPES.get(i % TYPES.size()), body);
            refused += outcome(() -> masking.apply(PODS, body)).equals("refused") ? 1 : 0;
            plain += masking.isPlain(PODS, body) ? 1 : 0;
        }
        assertThat(refused).as("refused, seed %d", seed).isGreaterThan(BODIES / 20);
        assertThat(plain).as("plain all the same, seed %d", seed).isGreaterThan(0);
    }

    @Test
    void mostBodiesOfAClusterArePlain() {
        SyntheticCluster cluster = new SyntheticCluster(seed, 200, 1_000);
        int plain = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] body = cluster.next().body();
            plain += masking.isPlain(PODS, body) ? 1 : 0;
            assertSame(PODS, body);
        }
        // All but ConfigMaps of several lines.
        assertThat(plain).as("seed %d", seed).isGreaterThan(1_700);
    }

    @Test
    void whatIsDeepIsLookedAtThoroughly() {
        String deep = "{\"a\":".repeat(3_000) + "{\"password\":\"x\"}" + "}".repeat(3_000);
        assertThat(masking.isPlain(PODS, deep.getBytes(StandardCharsets.UTF_8))).isFalse();
        assertSame(PODS, deep.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https:\\/\\/user:hunter2@db",
                "https:\\u002f/user:hunter2@db",
                "ghp\\u005fhunter2345678901234567890123",
                "B\\u0065arer hunter2345678901234567890"
            })
    void anEscapedCharacterHidesNoSecret(String text) throws IOException {
        for (ResourceType type : TYPES) {
            byte[] body = ("{\"spec\":{\"default\":\"" + text + "\"}}").getBytes(StandardCharsets.UTF_8);
            assertThat(text(masking.apply(type, body))).as("%s", type).doesNotContain("hunter2");
        }
    }

    private interface Mask {
        byte[] run() throws IOException;
    }

    private void assertSame(ResourceType type, byte[] body) {
        assertThat(outcome(() -> masking.apply(type, body)))
                .as("seed %d, %s", seed, text(body))
                .isEqualTo(outcome(() -> masking.search(type, body)));
    }

    private static String outcome(Mask mask) {
        try {
            return text(mask.run());
        } catch (IOException e) {
            return "refused";
        }
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1);
    }

    /** With a byte more, less or changed, or without its end. */
    private byte[] damaged(byte[] body) {
        int at = random.nextInt(body.length);
        byte[] interesting = "\"\\{}[],:0-.eE tfn\u0001\n".getBytes(StandardCharsets.US_ASCII);
        byte by = random.nextInt(3) == 0 ? (byte) random.nextInt() : interesting[random.nextInt(interesting.length)];
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(body, at);
            case 1 -> {
                byte[] less = new byte[body.length - 1];
                System.arraycopy(body, 0, less, 0, at);
                System.arraycopy(body, at + 1, less, at, less.length - at);
                yield less;
            }
            case 2 -> {
                byte[] more = new byte[body.length + 1];
                System.arraycopy(body, 0, more, 0, at);
                more[at] = by;
                System.arraycopy(body, at, more, at + 1, body.length - at);
                yield more;
            }
            default -> {
                byte[] changed = body.clone();
                changed[at] = by;
                yield changed;
            }
        };
    }

    private String value(int depth) {
        int dice = random.nextInt(10);
        if (depth > 0 && dice < 3) {
            return object(depth - 1);
        }
        if (depth > 0 && dice < 5) {
            return list(depth - 1);
        }
        return dice < 8 ? '"' + any(TEXTS) + '"' : any(OTHERS);
    }

    private String object(int depth) {
        StringBuilder object = new StringBuilder("{");
        for (int i = random.nextInt(4); i > 0; i--) {
            object.append(object.length() > 1 ? "," + space() : "")
                    .append('"')
                    .append(any(NAMES))
                    .append("\":")
                    .append(space())
                    .append(value(depth));
        }
        return object.append('}').toString();
    }

    private String list(int depth) {
        StringBuilder list = new StringBuilder("[");
        for (int i = random.nextInt(4); i > 0; i--) {
            list.append(list.length() > 1 ? "," : "").append(space()).append(value(depth));
        }
        return list.append(']').toString();
    }

    private String space() {
        return random.nextInt(8) == 0 ? " \n" : "";
    }

    private String any(String[] choices) {
        return choices[random.nextInt(choices.length)];
    }
}
