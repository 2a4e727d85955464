/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ResourceType;
import dev.traversion.masking.rules.Detector;
import dev.traversion.masking.rules.SecretRules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is recognised wherever it stands, and what only looks like it. */
class DetectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType WIDGETS = new ResourceType("example.test", "widgets");
    private static final ResourceType DEFINITIONS =
            new ResourceType("apiextensions.k8s.io", "customresourcedefinitions");
    private static final String TOKEN = "hmac:[0-9a-f]{32}";
    private static final String JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.c2lnbmF0dXJlX2h1bnRlcjI";
    private static final String PAT = "ghp_hunter2hunter2hunter2hunter2hunter2h";
    private static final String PEM =
            "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIhunter2\nhunter2==\n-----END EC PRIVATE KEY-----\n";

    private final Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[] {1}));

    @Test
    void keysAndTokensAreFoundInAnyText() throws IOException {
        for (String text : List.of(
                PAT,
                "see " + PAT + ".",
                JWT,
                "Authorization: Bearer hunter2hunter2",
                "Authorization: Basic " + base64("user:hunter2"),
                "postgres://app:hunter2@db:5432/shop?sslmode=off",
                "postgres://app:hunter2/x@db:5432/shop",
                "https://hunter2hunter2hunter2@git.example.com/a.git",
                "AKIAHUNTER2HUNTER2HU",
                "xoxb-hunter2hunter2",
                "https://hooks.slack.com/services/T000/B000/hunter2hunter2hunter2",
                "glpat-hunter2hunter2hunter2",
                "mysql --password hunter2 -h db",
                "--db-password hunter2",
                "login failed, password: hunter2",
                "-----BEGIN PRIVATE KEY-----hunter2-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\\nhunter2\\n-----END PRIVATE KEY-----",
                "-----BEGIN%20PRIVATE%20KEY-----%0Ahunter2%0A-----END%20PRIVATE%20KEY-----",
                "-----BEGIN PRIVATE KEY-----\nhunter2",
                PEM,
                "tls:\n  key: |\n    " + PEM.replace("\n", "\n    "))) {
            String masked = inConfigMap(masking, text);
            assertThat(masked).as(text).doesNotContainIgnoringCase("hunter2").containsPattern(TOKEN);
        }
    }

    @Test
    void aTokenIsFoundAtEveryPlaceOfAText() throws IOException {
        for (int before = 0; before < 6; before++) {
            for (int after = 0; after < 3; after++) {
                String text = ".".repeat(before) + PAT + ".".repeat(after);
                assertThat(inConfigMap(masking, text)).as(text).doesNotContain("hunter2");
            }
        }
    }

    @Test
    void onlyTheSecretPartOfATextIsReplaced() throws IOException {
        assertThat(inConfigMap(masking, "postgres://app:hunter2@db:5432/shop"))
                .matches("postgres://app:" + TOKEN + "@db:5432/shop");
        assertThat(inConfigMap(masking, "see " + PAT + ", and " + PAT)).matches("see (" + TOKEN + "), and \\1");
        assertThat(inConfigMap(masking, PEM))
                .matches("-----BEGIN EC PRIVATE KEY-----\n" + TOKEN + "\n-----END EC PRIVATE KEY-----\n");
    }

    /** {@code openssl req} asks for one by default, and whoever may list such requests would read it. */
    @Test
    void requestForACertificateIsSecretOnlyIfItHoldsAPassword() throws IOException {
        String with = """
                -----BEGIN CERTIFICATE REQUEST-----
                MIHmMIGNAgEAMAwxCjAIBgNVBAMMAXgwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
                AAQrnGtGQStPDwpK86KSY67KMSOOsfvS/YQv9E5rmoFZ7sqXFw2j/JYpLWnH5UeD
                av62IRrVxid1hIj/pohbcMokoB8wHQYJKoZIhvcNAQkHMRAMDmh1bnRlcjJodW50
                ZXIyMAoGCCqGSM49BAMCA0gAMEUCIAysNUSihYHIjmyhcSd78Yn5hBlJgNQtOXkT
                +lR9kG6PAiEAyZ819COl8wKV86HRKL3ynqnPcqUW4cs5b5raB06r/+g=
                -----END CERTIFICATE REQUEST-----
                """;
        String without = """
                -----BEGIN CERTIFICATE REQUEST-----
                MIHGMG4CAQAwDDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
                BGiVVomQA7s/Eesl45W6NRQn4QgZjRI+raS0g2YxyCoYINm3MaYSGPH+Zbf32ycf
                Pv46Fg3mruvLzStxVKNwF26gADAKBggqhkjOPQQDAgNIADBFAiEAoJ0NVt0gkf74
                gVSx8y8w6w9KPuq6xSEGHH8x3nQB5uECICZkPspuHTot0uYoG+9IiDjkW8+Qd2hO
                ++hlA3iUq/NY
                -----END CERTIFICATE REQUEST-----
                """;
        for (String text : List.of(with, base64(with), base64(base64(with)))) {
            assertThat(decodedTwice(inConfigMap(masking, text))).as(text).containsPattern("REQUEST-----\n" + TOKEN);
        }
        for (String text : List.of(without, base64(without), base64(base64(without)))) {
            assertThat(inConfigMap(masking, text)).as(text).isEqualTo(text);
        }
    }

    /** What a text is, when as much base64 as there is was taken off. */
    private static String decodedTwice(String text) {
        String once = text.startsWith("-----") ? text : decoded(text);
        return once.startsWith("-----") ? once : decoded(once);
    }

    @Test
    void whatIsInBase64StaysBase64() throws IOException {
        for (String text : List.of(PEM, "password=hunter2\n", "{\"password\":\"hunter2\"}", "user:" + PAT, "x" + PEM)) {
            String once = base64(text);
            String masked = inConfigMap(masking, "data: " + once);
            assertThat(masked).isNotEqualTo("data: " + once);
            assertThat(decoded(masked.substring(6))).doesNotContain("hunter2").containsPattern(TOKEN);
            String twice = inConfigMap(masking, base64(once));
            assertThat(decoded(decoded(twice))).doesNotContain("hunter2").containsPattern(TOKEN);
        }
        String compressed = Base64.getEncoder().encodeToString(new byte[] {
            0x1f, (byte) 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 105, (byte) 200, 77, (byte) 186
        });
        assertThat(decoded(inConfigMap(masking, compressed))).matches(TOKEN);
    }

    @Test
    void whatOnlyLooksLikeATokenStays() throws IOException {
        for (String text : List.of(
                "ghp_short",
                "MountVolume.SetUp failed for volume \"kube-api-access-x7k2p\" : object \"shop\"/\"db\" not registered",
                "registry.example.com/shop@sha256:3b1f8c2d9e0a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4",
                "https://db:5432/x",
                "https://user@host/x",
                "ssh://git@host/x.git",
                "http://user:${PASSWORD}@host",
                "Bearer authentication is required",
                "--log-level info --token-ttl 1h",
                "spec.password: Required value",
                "RollingUpdateDeploymentStrategyOfDeployments",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
                base64("-----BEGIN CERTIFICATE-----\nMIIBhunter\n-----END CERTIFICATE-----\n"),
                "someone@example.com",
                "4111 1111 1111 1111")) {
            assertThat(inConfigMap(masking, text)).isEqualTo(text);
        }
    }

    @Test
    void emailsAndCardNumbersAreFoundIfAskedFor() throws IOException {
        Masking personal =
                with(new SecretRules(List.of(), List.of(), Set.of(Detector.EMAILS, Detector.CARD_NUMBERS), List.of()));

        assertThat(inConfigMap(personal, "to Jane.Doe+x@mail.example.com, now")).matches("to " + TOKEN + ", now");
        assertThat(inConfigMap(personal, "card 4111 1111 1111 1111.")).matches("card " + TOKEN + "\\.");
        assertThat(inConfigMap(personal, "4111111111111111"))
                .matches("[0-9]{16}")
                .isNotEqualTo("4111111111111111");
        assertThat(mask(personal, WIDGETS, "{\"spec\":{\"card\":4111111111111111}}"))
                .doesNotContain("4111111111111111");
        for (String text : List.of("4111 1111 1111 1112", "user@host", "git@sha256:ab", "2026-11-26T04:30:00.000Z")) {
            assertThat(inConfigMap(personal, text)).isEqualTo(text);
        }
    }

    @Test
    void patternsFindWhatTheyMatchAndOverlapsAreMaskedWhole() throws IOException {
        Masking masking = with(new SecretRules(List.of(), List.of(), Set.of(), List.of("CUST-[0-9]{4}", "4711-x+")));

        assertThat(inConfigMap(masking, "of CUST-4711-xx, CUST-1")).matches("of " + TOKEN + ", CUST-1");
        assertThat(mask(masking, PODS, "{\"metadata\":{\"name\":\"CUST-4711\",\"labels\":{\"a\":\"CUST-4711\"}}}"))
                .as("what identifies and selects objects")
                .contains("\"name\":\"CUST-4711\",\"labels\":{\"a\":\"CUST-4711\"}");
    }

    @Test
    void argumentsAfterFlagsHeadersAndRegistryLoginsAreSecret() throws IOException {
        assertThat(mask(masking, PODS, "{\"spec\":{\"args\":[\"--password\",\"hunter2\",\"--v\",\"2\"]}}"))
                .doesNotContain("hunter2")
                .contains("\"--v\",\"2\"");
        assertThat(mask(
                        masking,
                        PODS,
                        "{\"spec\":{\"httpHeaders\":[{\"name\":\"Authorization\",\"value\":\"hunter2\"}]}}"))
                .doesNotContain("hunter2");
        String logins = "{\"auths\":{\"registry\":{\"auth\":\"" + base64("a:hunter2") + "\"}}}";
        assertThat(mask(masking, WIDGETS, logins)).doesNotContain(base64("a:hunter2"));
        assertThat(inConfigMap(masking, logins)).doesNotContain(base64("a:hunter2"));
    }

    @Test
    void labelsKeepTheirValuesButTokens() throws IOException {
        String masked = mask(
                masking,
                PODS,
                "{\"metadata\":{\"labels\":{\"a\":\"" + PAT + "\",\"password\":\"x\"}},"
                        + "\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"" + PAT + "\"}}}}");
        assertThat(masked)
                .matches(".*\"a\":\"(" + TOKEN + ")\",\"password\":\"x\".*\"a\":\"\\1\".*")
                .doesNotContain("hunter2");
    }

    @Test
    void entriesOfSetsInManagedFieldsGetTheTokensOfTheEntriesThemselves() throws IOException {
        String body = "{\"metadata\":{\"managedFields\":[{\"fieldsV1\":{\"f:spec\":{\"f:tokens\":{\".\":{},"
                + "\"v:\\\"hunter2\\\"\":{}},\"f:hosts\":{\"v:\\\"https://a:hunter2@b\\\"\":{},\"v:\\\"plain\\\":{}\":{}},"
                + "\"f:users\":{\"k:{\\\"name\\\":\\\"a\\\",\\\"password\\\":\\\"hunter2\\\"}\":{\".\":{}}}}}}]},"
                + "\"spec\":{\"tokens\":[\"hunter2\"],\"users\":[{\"name\":\"a\",\"password\":\"hunter2\"}]}}";
        String masked = mask(masking, WIDGETS, body);
        assertThat(masked).doesNotContain("hunter2").contains("\\\"plain\\\"");
        assertThat(JSON.readTree(masked)).isNotNull();
        assertThat(masked).matches(".*\"v:\\\\\"(" + TOKEN + ")\\\\\".*\"tokens\":\\[\"\\1\"].*");
        assertThat(masked).matches(".*\\\\\"password\\\\\":\\\\\"(" + TOKEN + ")\\\\\".*\"password\":\"\\1\".*");
    }

    @Test
    void defaultsInDefinitionsOfResourcesAreSecret() throws IOException {
        for (ResourceType type : List.of(DEFINITIONS, new ResourceType("traversion.dev", "documents"))) {
            assertDefaultsAreSecret(type);
        }
    }

    private void assertDefaultsAreSecret(ResourceType type) throws IOException {
        String masked = mask(
                masking,
                type,
                "{\"properties\":{\"password\":{\"type\":\"string\",\"default\":\"hunter2\"},"
                        + "\"url\":{\"default\":\"https://a:hunter2@b\"},\"x\":{\"default\":{\"token\":\"hunter2\"}}}}");
        assertThat(masked).doesNotContain("hunter2").contains("\"type\":\"string\"");
    }

    @Test
    void textsThatMustBeBase64StayIt() throws IOException {
        String masked = mask(masking, CONFIG_MAPS, "{\"binaryData\":{\"password\":\"aHVudGVyMg==\"}}");
        assertThat(decoded(JSON.readTree(masked).at("/binaryData/password").asText()))
                .matches(TOKEN);
    }

    /** Whoever may write a ConfigMap must not be able to keep the recorder busy. */
    @Test
    void hugeTextIsSearchedInLinearTime() throws IOException {
        Masking all = with(new SecretRules(
                List.of(), List.of(), Set.of(Detector.EMAILS, Detector.CARD_NUMBERS), List.of("(a+)+b", "x.*y")));
        for (String part : List.of(
                "eyJ",
                "-eyJ",
                "://a:b",
                "a@",
                "@",
                "4",
                "4111 ",
                "-----BEGIN PRIVATE KEY-----",
                "-----BEGIN CERTIFICATE REQUEST-----",
                "Bearer ",
                " --password",
                "aB1",
                "ghp_",
                "password: ",
                "a",
                "$2a$")) {
            String text = part.repeat((1 << 20) / part.length());
            assertThat(mask(all, CONFIG_MAPS, "{\"data\":{\"a\":" + JSON.writeValueAsString(text) + "}}"))
                    .as(part)
                    .isNotEmpty();
        }
    }

    private static Masking with(SecretRules more) {
        return new Masking(MaskingRules.base().with(more), new MaskingKey(new byte[] {1}));
    }

    /** The text as it is in a ConfigMap that was masked. */
    private static String inConfigMap(Masking masking, String text) throws IOException {
        String body = "{\"data\":{\"config\":" + JSON.writeValueAsString(text) + "}}";
        return JSON.readTree(mask(masking, CONFIG_MAPS, body))
                .at("/data/config")
                .asText();
    }

    private static String mask(Masking masking, ResourceType type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] masked = masking.apply(type, bytes);
        assertThat(masked).as("a first look changes nothing").isEqualTo(masking.search(type, bytes));
        return new String(masked, StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
