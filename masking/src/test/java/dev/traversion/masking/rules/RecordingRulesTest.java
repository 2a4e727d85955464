/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingRulesTest {

    private static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    private static final MaskingKey KEY = new MaskingKey(new byte[32]);

    @Test
    void resourcesAreNamedAsKubectlDoes() {
        RecordingRules rules = rules(List.of("*"), List.of("events", "leases.coordination.k8s.io", "*.example.com"));

        assertThat(rules.isRecorded(CONFIG_MAPS)).isTrue();
        assertThat(rules.isRecorded(new ResourceType("", "events"))).isFalse();
        assertThat(rules.isRecorded(new ResourceType("events.k8s.io", "events")))
                .isTrue();
        assertThat(rules.isRecorded(new ResourceType("coordination.k8s.io", "leases")))
                .isFalse();
        assertThat(rules.isRecorded(new ResourceType("example.com", "widgets"))).isFalse();
        assertThat(rules(List.of("configmaps"), List.of()).isRecorded(new ResourceType("", "pods")))
                .isFalse();
    }

    @Test
    void wordsOfANamespaceMaskThereAndNowhereElse() throws IOException {
        Masking masking = Masking.of(
                RecordingRules.of(
                        List.of("*"),
                        List.of(),
                        NamespaceSelection.ALL,
                        words("taxnumber"),
                        Map.of("shop", words("iban"))),
                KEY);
        String body =
                "{\"metadata\":{\"name\":\"a\"},\"data\":{\"customerIBAN\":\"DE02\",\"taxNumber\":\"77\",\"color\":\"red\"}}";

        assertThat(masked(masking.in("shop"), body))
                .doesNotContain("DE02", "77")
                .contains("red");
        assertThat(masked(masking.in("bank"), body)).contains("DE02", "red").doesNotContain("77");
    }

    @Test
    void wordsMaskEnvironmentVariablesNumbersAndLines() throws IOException {
        Masking masking = Masking.of(
                RecordingRules.of(List.of("*"), List.of(), NamespaceSelection.ALL, words("iban"), Map.of()), KEY);
        String body = "{\"spec\":{\"iban\":4711,\"env\":[{\"name\":\"IBAN_OF_SHOP\",\"value\":\"DE02\"}]},"
                + "\"data\":{\"conf\":\"color=red\\niban=DE03\\n\"}}";

        assertThat(masked(masking, body)).doesNotContain("4711", "DE02", "DE03").contains("color=red");
    }

    @Test
    void whatIsSecretAnywayStaysSecret() throws IOException {
        Masking masking = Masking.of(
                RecordingRules.of(List.of("*"), List.of(), NamespaceSelection.ALL, words("iban"), Map.of()), KEY);

        assertThat(masked(masking, "{\"data\":{\"password\":\"hunter2\"}}")).doesNotContain("hunter2");
    }

    @Test
    void rulesAreReadAsTheyWereWritten(@TempDir Path folder) throws IOException {
        RecordingRules rules = RecordingRules.of(
                List.of("*"),
                List.of("events"),
                new NamespaceSelection(List.of("shop"), List.of("kube-*")),
                words("iban"),
                Map.of("shop", words("pin-code")));
        Path file = Files.writeString(folder.resolve("rules.json"), rules.toJson());

        assertThat(RecordingRules.read(file)).isEqualTo(rules);
    }

    @Test
    void rulesOfAnotherVersionAreRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("rules.json"), "{\"include\":[\"*\"],\"detectors\":[\"cards\"]}");

        assertThatThrownBy(() -> RecordingRules.read(file))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("detectors");
    }

    @Test
    void rulesOfNamespacesMayBeWordsOnly(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("rules.json"), "{\"names\":[\"iban\"],\"namespaces\":{\"shop\":[\"pin-code\"]}}");

        assertThat(RecordingRules.read(file).namespaces()).isEqualTo(Map.of("shop", words("pin-code")));
    }

    @Test
    void pathsMaskWhatIsBelowThemInTheirResourcesAndWhatIdentifiesObjectsStays() throws IOException {
        Masking masking = masking(
                field("configmaps", "data.*"),
                field(null, "spec.customer"),
                field(null, "spec.list[*].a"),
                field(null, "metadata.annotations['example.com/who']"));
        String body =
                "{\"metadata\":{\"name\":\"jane\",\"annotations\":{\"example.com/who\":\"jane\",\"x\":\"plain\"}},"
                        + "\"spec\":{\"customer\":{\"name\":\"jane\",\"pin\":4711,\"labels\":{\"a\":\"b\"}},"
                        + "\"list\":[{\"a\":\"jane\",\"b\":\"plain\"}]},\"data\":{\"a.b\":\"jane\"}}";

        assertThat(masked(masking, body))
                .contains(
                        "\"name\":\"jane\",\"annotations\"",
                        "\"x\":\"plain\"",
                        "\"b\":\"plain\"",
                        "\"labels\":{\"a\":\"b\"}")
                .doesNotContain("4711", "who\":\"jane", "{\"name\":\"jane\",\"pin", "a\":\"jane", "b\":\"jane");
        assertThat(new String(
                        masking.apply(new ResourceType("", "pods"), body.getBytes(StandardCharsets.UTF_8)),
                        StandardCharsets.UTF_8))
                .contains("\"a.b\":\"jane\"")
                .doesNotContain("4711");
    }

    @Test
    void pathsHoldInTheLastAppliedConfigurationToo() throws IOException {
        String applied = "{\\\"spec\\\":{\\\"customer\\\":\\\"jane\\\"}}";
        String body = "{\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\""
                + applied + "\"}}}";

        assertThat(masked(masking(field(null, "spec.customer")), body)).doesNotContain("jane");
    }

    @Test
    void rulesThatCannotBeFollowedAreRefusedInASentence(@TempDir Path folder) throws IOException {
        for (String path : List.of(
                "kind",
                "metadata.name",
                "metadata",
                "spec",
                "*",
                "spec.selector.a",
                "spec.template.metadata.labels.a",
                "metadata.ownerReferences[*].uid",
                "spec..a",
                "spec[0].a",
                "")) {
            assertThat(new SecretRules(List.of(), List.of(field(null, path)), null, List.of()).faults())
                    .as(path)
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("fields: " + path);
        }
        for (String pattern : List.of("(", "(?=a)", "a*", "(a)\\1", "a".repeat(201))) {
            assertThat(new SecretRules(List.of(), List.of(), null, List.of(pattern)).faults())
                    .as(pattern)
                    .hasSize(1);
        }
        Path file =
                Files.writeString(folder.resolve("rules.json"), "{\"namespaces\":{\"shop\":{\"patterns\":[\"a*\"]}}}");
        assertThatThrownBy(() -> RecordingRules.read(file))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("namespaces.shop.patterns: a* matches the empty text");
    }

    private static FieldRule field(String resource, String path) {
        return new FieldRule(resource, path);
    }

    private static Masking masking(FieldRule... fields) {
        return Masking.of(
                RecordingRules.of(
                        List.of("*"),
                        List.of(),
                        NamespaceSelection.ALL,
                        new SecretRules(List.of(), List.of(fields), null, List.of()),
                        Map.of()),
                KEY);
    }

    private static RecordingRules rules(List<String> include, List<String> exclude) {
        return RecordingRules.of(include, exclude, NamespaceSelection.ALL, SecretRules.NONE, Map.of());
    }

    private static SecretRules words(String... words) {
        return SecretRules.ofNames(List.of(words));
    }

    private static String masked(Masking masking, String body) throws IOException {
        return new String(masking.apply(CONFIG_MAPS, body.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
