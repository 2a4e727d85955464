/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MaskingTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceType SECRETS = new ResourceType("", "secrets");
    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType WIDGETS = new ResourceType("example.test", "widgets");
    private static final String TOKEN = "hmac:[0-9a-f]{32}";

    private final Masking masking = new Masking(MaskingRules.base(), new MaskingKey(new byte[] {1}));

    @Test
    void allOfASecretsDataIsMaskedAndStaysBase64() throws IOException {
        JsonNode masked = JSON.readTree(mask(SECRETS, """
                {"kind":"Secret","metadata":{"name":"db"},"type":"Opaque","immutable":true,
                 "data":{"harmless":"%s","binary":"AP/+gA==","empty":"","a.b":"eA=="}}""".formatted(base64("hunter2"))));
        for (String name : List.of("harmless", "binary", "a.b")) {
            assertThat(decoded(masked.path("data").path(name).asText())).matches(TOKEN);
        }
        assertThat(masked.path("data").path("empty").asText()).isEmpty();
        assertThat(masked.path("type").asText()).isEqualTo("Opaque");
        assertThat(masked.path("metadata").path("name").asText()).isEqualTo("db");
    }

    @Test
    void aSecretsStringDataIsMaskedAsText() throws IOException {
        JsonNode masked =
                JSON.readTree(mask(SECRETS, "{\"stringData\":{\"user\":\"hunter2\",\"json\":\"{\\\"a\\\":1}\"}}"));
        assertThat(masked.path("stringData").path("user").asText()).matches(TOKEN);
        assertThat(masked.path("stringData").path("json").asText()).matches(TOKEN);
    }

    @Test
    void dataOfOtherKindsStays() throws IOException {
        assertUntouched(
                CONFIG_MAPS, "{\"data\":{\"user\":\"root\",\"port\":\"5432\"},\"binaryData\":{\"x\":\"AP/+\"}}");
        assertUntouched(new ResourceType("example.test", "secrets"), "{\"data\":{\"user\":\"cm9vdA==\"}}");
    }

    @Test
    void theLastAppliedConfigurationHidesWhatTheObjectHides() throws IOException {
        String applied = "{\"apiVersion\":\"v1\",\"data\":{\"user\":\"" + base64("hunter2")
                + "\"},\"kind\":\"Secret\",\"stringData\":{\"other\":\"hunter3\"}}\n";
        String masked = mask(
                SECRETS,
                "{\"data\":{\"user\":\"" + base64("hunter2") + "\"},\"metadata\":{\"annotations\":"
                        + "{\"kubectl.kubernetes.io/last-applied-configuration\":" + JSON.writeValueAsString(applied)
                        + "}}}");
        assertThat(masked).doesNotContain(base64("hunter2")).doesNotContain("hunter3");
        JsonNode object = JSON.readTree(masked);
        JsonNode inner = JSON.readTree(object.path("metadata")
                .path("annotations")
                .path("kubectl.kubernetes.io/last-applied-configuration")
                .asText());
        assertThat(inner.path("data").path("user").asText())
                .as("the same value in the same field")
                .isEqualTo(object.path("data").path("user").asText());
        assertThat(inner.path("kind").asText()).isEqualTo("Secret");
    }

    @Test
    void fieldsNamedLikeSecretsAreMaskedInEveryKind() throws IOException {
        for (String name : List.of(
                "password",
                "adminPassword",
                "PASSWD",
                "ssh_passphrase",
                "clientSecret",
                "token",
                "bearerToken",
                "credentials",
                "apiKey",
                "api_key",
                "api-key",
                "api.key",
                "accessKey",
                "AWS_SECRET_ACCESS_KEY",
                "private-key",
                "encryptionKey",
                "signing.key",
                "authKey",
                "connectionString")) {
            assertThat(mask(WIDGETS, "{\"spec\":{\"a\":[{\"" + name + "\":\"hunter2\"}]}}"))
                    .as(name)
                    .matches("\\{\"spec\":\\{\"a\":\\[\\{\"" + name + "\":\"" + TOKEN + "\"}]}}");
            assertThat(mask(WIDGETS, "{\"" + name + "\":[\"hunter2\",[\"hunter2\"]]}"))
                    .as(name)
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void whatOnlyPointsToASecretStays() throws IOException {
        for (String name : List.of(
                "secretName",
                "secretRef",
                "tokenPath",
                "passwordFile",
                "tokenUrl",
                "secretNamespace",
                "secretType",
                "tokenExpirationSeconds",
                "credentialsProvider",
                "privateKeyAlgorithm",
                "tokenIssuer")) {
            assertUntouched(WIDGETS, "{\"spec\":{\"" + name + "\":\"db\"}}");
        }
        assertUntouched(PODS, """
                {"env":[{"name":"PASSWORD","valueFrom":{"secretKeyRef":{"name":"db","key":"pass"}}},
                {"name":"SECRET_NAME","value":"db"},{"name":"TOKEN_URL","value":"https://x"}]}""");
    }

    @Test
    void valuesOfEnvironmentVariablesNamedLikeSecretsAreMasked() throws IOException {
        for (String name :
                List.of("DB_PASSWORD", "GITHUB_TOKEN", "LICENSE_KEY", "KEY", "DB_PWD", "SENTRY_DSN", "BASIC_AUTH")) {
            assertThat(mask(
                            PODS,
                            "{\"spec\":{\"containers\":[{\"env\":[{\"name\":\"PLAIN\",\"value\":\"1\"},"
                                    + "{\"name\":\"" + name + "\",\"value\":\"hunter2\"}]}]}}"))
                    .as(name)
                    .matches(".*\\{\"name\":\"PLAIN\",\"value\":\"1\"},\\{\"name\":\"" + name + "\",\"value\":\""
                            + TOKEN + "\"}.*");
        }
        assertUntouched(PODS, "{\"env\":[{\"name\":\"MONKEY\",\"value\":\"x\"},{\"name\":\"PASSWORD\"}]}");
    }

    @Test
    void theNameOfAnEnvironmentVariableMayComeAfterItsValue() throws IOException {
        String first = "{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"hunter2\"}]}";
        String last = "{\"env\":[{\"value\":\"hunter2\",\"name\":\"DB_PASSWORD\"}]}";
        assertThat(mask(PODS, last)).doesNotContain("hunter2");
        assertThat(token(mask(PODS, last))).isEqualTo(token(mask(PODS, first)));
        assertThat(
                        mask(
                                PODS,
                                "{\"env\":[{\"value\":\"{\\\"password\\\":\\\"hunter2\\\"}\",\"name\":\"DB_KEY\",\"x\":\"y\"},"
                                        + "{\"value\":\"{\\\"password\\\":\\\"hunter3\\\"}\",\"name\":\"PLAIN\"}],\"token\":\"hunter4\"}"))
                .matches("\\{\"env\":\\[\\{\"value\":\"" + TOKEN + "\",\"name\":\"DB_KEY\",\"x\":\"y\"},"
                        + "\\{\"value\":\"\\{\\\\\"password\\\\\":\\\\\"" + TOKEN
                        + "\\\\\"}\",\"name\":\"PLAIN\"}],\"token\":\"" + TOKEN + "\"}");
    }

    @Test
    void jsonInsideStringsIsSearched() throws IOException {
        for (String text : List.of(
                "{\"password\":\"hunter2\"}",
                " \n\t{\"a\": {\"password\" : \"hunter2\"}}\n",
                "[{\"password\":\"hunter2\"}]",
                "[ [ {\"password\":\"hunter2\"} ] ]",
                "{\"a\":1}\n{\"password\":\"hunter2\"}\n",
                "{\"password\":\"hunter2\"} and then some",
                "{\"password\":\"hunter2\",\"cut\":\"of")) {
            String body = "{\"data\":{\"config\":" + JSON.writeValueAsString(text) + "}}";
            String masked = mask(CONFIG_MAPS, body);
            assertThat(masked).as(text).doesNotContain("hunter2");
            assertThat(masked.replaceAll(TOKEN, "hunter2")).as(text).isEqualTo(body);
        }
    }

    @Test
    void jsonIsSearchedInsideJsonInsideJson() throws IOException {
        String text = "{\"password\":\"hunter2\"}";
        for (int depth = 0; depth < 10; depth++) {
            text = "{\"a\":" + JSON.writeValueAsString(text) + "}";
        }
        assertThat(mask(CONFIG_MAPS, text)).doesNotContain("hunter2");
        assertThat(mask(CONFIG_MAPS, text).replaceAll(TOKEN, "hunter2")).isEqualTo(text);
    }

    /** The API server stores objects which are nested up to 10000 levels deep. */
    @Test
    void objectsAreSearchedHoweverDeepTheyAre() throws Exception {
        int depth = 4_990;
        String body = "{\"a\":[".repeat(depth) + "{\"password\":\"hunter2\"}" + "]}".repeat(depth);
        AtomicReference<String> masked = new AtomicReference<>("");
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                masked.set(mask(WIDGETS, body));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.join();
        assertThat(masked.get()).doesNotContain("hunter2");
        assertThat(masked.get().replaceAll(TOKEN, "hunter2")).isEqualTo(body);
    }

    @Test
    void namesAndNumbersMayBeLong() throws IOException {
        String body = "{\"" + "n".repeat(60_000) + "\":" + "1".repeat(1_500) + ",\"password\":\"hunter2\"}";
        assertThat(mask(WIDGETS, body).replaceAll(TOKEN, "hunter2")).isEqualTo(body);
    }

    @Test
    void jsonIsFoundHoweverItIsEscaped() throws IOException {
        for (String start : List.of("\\u007b", "\\u0020{", "\\n\\t {", "\\u005b{")) {
            assertThat(mask(CONFIG_MAPS, "{\"data\":{\"a\":\"" + start + "\\\"password\\\":\\\"hunter2\\\"}\"}}"))
                    .as(start)
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void whatOnlyLooksLikeJsonStays() throws IOException {
        for (String text :
                List.of("{{ .Values.password }}", "[::]:8080", "{", "[{", "{\"a\": password }", "[INFO] x")) {
            assertUntouched(CONFIG_MAPS, "{\"data\":{\"config\":" + JSON.writeValueAsString(text) + "}}");
        }
    }

    @Test
    void whateverStandsBelowASecretIsSecretInKindsOfOthers() throws IOException {
        String body =
                "{\"spec\":{\"credentials\":{\"user\":\"hunter2\",\"more\":[{\"a\":\"hunter2\"},\"hunter2\"],\"on\":true}}}";
        assertThat(mask(WIDGETS, body)).doesNotContain("hunter2");
        assertThat(mask(WIDGETS, body).replaceAll(TOKEN, "hunter2")).isEqualTo(body);
        assertThat(mask(CONFIG_MAPS, "{\"data\":{\"a\":" + JSON.writeValueAsString(body) + "}}"))
                .doesNotContain("hunter2");
        assertUntouched(WIDGETS, """
                {"spec":{"privateKey":{"algorithm":"RSA","encoding":"PKCS1","size":2048},"token":{"secretRef":{"name":"a","key":"b"}},
                "volumes":[{"secret":{"secretName":"a","items":[{"key":"a.crt","path":"b"}]}}]}}""");
        String pod =
                "{\"spec\":{\"volumes\":[{\"secret\":{\"secretName\":\"a\",\"items\":[{\"key\":\"a.crt\"}],\"x\":\"y\"}}]}}";
        assertUntouched(PODS, pod);
        assertUntouched(
                PODS,
                "{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":"
                        + JSON.writeValueAsString(pod) + "}}}");
        ResourceType definitions = new ResourceType("apiextensions.k8s.io", "customresourcedefinitions");
        assertUntouched(
                definitions,
                "{\"properties\":{\"password\":{\"type\":\"string\",\"description\":\"such as\\ntoken: abc\"}}}");
    }

    @Test
    void numbersThatAreSecretsBecomeOthersThatFitWhereTheyStood() throws IOException {
        for (String number : List.of("48151623", "-48151623", "2147483647", "9223372036854775807", "31.41590e2")) {
            String masked = mask(WIDGETS, "{\"spec\":{\"password\":" + number + ",\"maxTokens\":4096}}");
            assertThat(masked).doesNotContain(number).contains("\"maxTokens\":4096");
            JsonNode other = JSON.readTree(masked).path("spec").path("password");
            assertThat(other.numberType()).isEqualTo(JSON.readTree(number).numberType());
            assertThat(masked).hasSameSizeAs("{\"spec\":{\"password\":" + number + ",\"maxTokens\":4096}}");
            assertThat(mask(WIDGETS, "{\"spec\":{\"password\":" + number + ",\"maxTokens\":4096}}"))
                    .isEqualTo(masked);
        }
        assertUntouched(WIDGETS, "{\"password\":0,\"tokenTtl\":30,\"secretVersion\":3}");
    }

    @Test
    void linesOfOtherTextAreSearched() throws IOException {
        for (String text : List.of(
                "user: root\npassword: hunter2\n",
                "a:\n  - name: x\n    db_password: \"hunter2\" # why\n  - token: 'hunter2'",
                "db.password=hunter2\nport = 5432\r\n",
                "export DB_PWD=\"hunter2\"\nLICENSE_KEY=hunter2",
                "[db]\npassword = hunter2\n",
                "{\n  \"password\": \"hunter2\",\n  \"port\": {{ .Values.port }}\n}",
                "credentials:\n  user: hunter2\n  more:\n  - hunter2\nport: 1\n",
                "tokens:\n- hunter2\n- hunter2\nport: 1\n",
                "password: |-\n  hunter2\n   hunter2\n\nport: 1\n",
                "password: !vault |\n  hunter2\n",
                "-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----\n",
                "--password=hunter2",
                "--db-password=\"hunter2\"",
                "mysql --password=hunter2 -h db",
                "host=db password=hunter2 user=root",
                "https://db/?token=hunter2")) {
            String body = "{\"data\":{\"config\":" + JSON.writeValueAsString(text) + "}}";
            String masked = mask(CONFIG_MAPS, body);
            assertThat(masked).as(text).doesNotContain("hunter2");
            assertThat(masked.replaceAll(TOKEN, "hunter2")).as(text).isEqualTo(body);
        }
    }

    @Test
    void linesWithoutSecretsStay() throws IOException {
        for (String text : List.of(
                "password: ${PASSWORD}\ntoken: {{ .Values.token }}\nsecret: \"$(SECRET)\"\n",
                "password:\ntoken: \"\"\napiKey: null\nsecrets: []\n",
                "maxTokens: 4096\ntokenTtl: 30s\npasswordMinLength=8\n",
                "passwordFile: /etc/db\nsecretName: db\n",
                "credentials:\n  secretName: db\n  path: /x\nport: 1",
                "token: not found",
                "--token-ttl=1h",
                "failed to get secret: not found\nsecret \"db\" is missing\n",
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
                "key: a.crt\nmode: 0444\n")) {
            assertUntouched(CONFIG_MAPS, "{\"data\":{\"config\":" + JSON.writeValueAsString(text) + "}}");
        }
    }

    /** Whoever may write a ConfigMap must not be able to keep the recorder busy. */
    @Test
    void hugeTextIsReadOnce() throws IOException {
        for (String part :
                List.of("=", "- ", "password=", "password=\"", " ", "a=b\n", "{{", "\"", "password: |\n ", "\n")) {
            String text = "password: x\n" + part.repeat((1 << 20) / part.length());
            assertThat(mask(CONFIG_MAPS, "{\"data\":{\"a\":" + JSON.writeValueAsString(text) + "}}"))
                    .as(part)
                    .contains("hmac:");
        }
    }

    @Test
    void namesWithDotsAreNoPaths() throws IOException {
        assertThat(mask(WIDGETS, "{\"metadata.labels\":{\"password\":\"hunter2\"}}"))
                .doesNotContain("hunter2");
    }

    @Test
    void whatIdentifiesAndSelectsObjectsStays() throws IOException {
        assertUntouched(PODS, """
                {"metadata":{"name":"token","namespace":"secret","labels":{"password":"a"},"managedFields":[{"token":"x"}]},
                "spec":{"selector":{"matchLabels":{"password":"a"}}}}""");
        assertThat(mask(PODS, "{\"metadata\":{\"annotations\":{\"password\":\"hunter2\"}}}"))
                .doesNotContain("hunter2");
    }

    @Test
    void everyValueKeepsItsTypeAndEveryOtherByteStays() throws IOException {
        String body = "{ \"password\" : \"<\\u0041 \\\"ü𝄞\\u2028\\n\" , \"token\":null,\"secret\":{\"on\":true},\n"
                + "\"maxTokens\":7.50,\"apiKey\":\"\",\"text\":\"\\u003c<é\\/>\"}";
        assertThat(mask(WIDGETS, body))
                .matches("\\{ \"password\" : \"" + TOKEN + "\" , \"token\":null,\"secret\":\\{\"on\":true},\n"
                        + "\"maxTokens\":7\\.50,\"apiKey\":\"\",\"text\":\"\\\\u003c<é\\\\/>\"}");
    }

    @Test
    void equalValuesStayEqualAndDifferentOnesDifferent() throws IOException {
        String a = mask(WIDGETS, "{\"spec\":{\"password\":\"a\"}}");
        assertThat(mask(WIDGETS, "{\"x\":1,\"spec\":{\"password\":\"\\u0061\"}}"))
                .contains(token(a));
        assertThat(token(mask(WIDGETS, "{\"spec\":{\"password\":\"b\"}}"))).isNotEqualTo(token(a));
        assertThat(token(mask(WIDGETS, "{\"spec\":{\"passwd\":\"a\"}}")))
                .as("another field")
                .isNotEqualTo(token(a));
        Masking other = new Masking(MaskingRules.base(), new MaskingKey(new byte[] {2}));
        assertThat(token(text(other.apply(WIDGETS, bytes("{\"spec\":{\"password\":\"a\"}}")))))
                .as("another key")
                .isNotEqualTo(token(a));
    }

    @Test
    void whatIsNotWholeJsonIsRefused() throws IOException {
        for (String body : List.of("{\"password\":\"hunter2", "{\"a\":1}}", "{\"a\" 1}", "{\"a\":1} x")) {
            assertThatThrownBy(() -> masking.apply(WIDGETS, bytes(body)))
                    .as(body)
                    .isInstanceOf(IOException.class);
        }
        assertThat(masking.apply(WIDGETS, new byte[0])).isEmpty();
    }

    @Test
    void theRulesAreData() {
        MaskingRules rules = MaskingRules.base();
        assertThat(rules.wholeObjects()).isEqualTo(Map.of(SECRETS, new MaskingRules.WholeObject("data", "stringData")));
        assertThat(rules.never()).contains("kind", "metadata.name", "metadata.creationTimestamp");
        assertThat(rules.labels()).contains("metadata.labels", "spec.selector");
    }

    private void assertUntouched(ResourceType type, String body) throws IOException {
        byte[] bytes = bytes(body);
        assertThat(text(masking.apply(type, bytes))).isEqualTo(body);
        assertThat(masking.apply(type, bytes)).isSameAs(bytes);
    }

    private String mask(ResourceType type, String body) throws IOException {
        return text(masking.apply(type, bytes(body)));
    }

    private static String token(String masked) {
        return masked.replaceAll("(?s).*(" + TOKEN + ").*", "$1");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(bytes(text));
    }

    private static String decoded(String base64) {
        return text(Base64.getDecoder().decode(base64));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
