/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.snapshotter.masking.Masking;
import dev.traversion.snapshotter.masking.MaskingKey;
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
                new RecordingRules(List.of("*"), List.of(), List.of("taxnumber"), Map.of("shop", List.of("iban"))),
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
        Masking masking = Masking.of(new RecordingRules(List.of("*"), List.of(), List.of("iban"), Map.of()), KEY);
        String body = "{\"spec\":{\"iban\":4711,\"env\":[{\"name\":\"IBAN_OF_SHOP\",\"value\":\"DE02\"}]},"
                + "\"data\":{\"conf\":\"color=red\\niban=DE03\\n\"}}";

        assertThat(masked(masking, body)).doesNotContain("4711", "DE02", "DE03").contains("color=red");
    }

    @Test
    void whatIsSecretAnywayStaysSecret() throws IOException {
        Masking masking = Masking.of(new RecordingRules(List.of("*"), List.of(), List.of("iban"), Map.of()), KEY);

        assertThat(masked(masking, "{\"data\":{\"password\":\"hunter2\"}}")).doesNotContain("hunter2");
    }

    @Test
    void rulesAreReadAsTheyWereWritten(@TempDir Path folder) throws IOException {
        RecordingRules rules = new RecordingRules(
                List.of("*"), List.of("events"), List.of("iban"), Map.of("shop", List.of("pin-code")));
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

    private static RecordingRules rules(List<String> include, List<String> exclude) {
        return new RecordingRules(include, exclude, List.of(), Map.of());
    }

    private static String masked(Masking masking, String body) throws IOException {
        return new String(masking.apply(CONFIG_MAPS, body.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
