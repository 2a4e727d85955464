/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingPolicy;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EffectiveRulesTest {

    @Test
    void policiesAddTheirWordsInTheirNamespaceOnly() {
        List<RecordingPolicy> policies =
                List.of(policy("shop", "", "iban"), policy("shop", "", "customer-id"), policy("bank", "", "iban"));

        assertThat(EffectiveRules.of(recording("taxnumber"), policies).namespaces())
                .isEqualTo(Map.of("shop", List.of("customer-id", "iban"), "bank", List.of("iban")));
        assertThat(EffectiveRules.of(recording("taxnumber"), policies).names()).containsExactly("taxnumber");
    }

    @Test
    void orderOfPoliciesDoesNotMatter() {
        RecordingPolicy one = policy("shop", "", "iban");
        RecordingPolicy other = policy("bank", "", "account-no");

        assertThat(EffectiveRules.of(recording("x1"), List.of(one, other)).toJson())
                .isEqualTo(
                        EffectiveRules.of(recording("x1"), List.of(other, one)).toJson());
    }

    @Test
    void policyOfAnotherRecordingIsNotInForce() {
        assertThat(EffectiveRules.of(recording("x1"), List.of(policy("shop", "test", "iban")))
                        .namespaces())
                .isEmpty();
    }

    @Test
    void wordThatWouldMaskWhatIdentifiesObjectsIsAConflict() {
        PolicyVerdict verdict = PolicyVerdict.of(policy("shop", "", "Name"), Set.of("prod"));

        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.reason()).isEqualTo("Conflict");
        assertThat(verdict.message()).contains("Name");
        assertThat(EffectiveRules.of(recording("space"), List.of()).names()).isEmpty();
    }

    @Test
    void policyThatNamesNoRecordingOfThisClusterSaysWhichThereAre() {
        PolicyVerdict verdict = PolicyVerdict.of(policy("shop", "prdo", "iban"), Set.of("prod", "audit"));

        assertThat(verdict.reason()).isEqualTo("RecordingNotFound");
        assertThat(verdict.message()).contains("prdo", "audit, prod");
    }

    private static Recording recording(String word) {
        return Serialization.unmarshal("""
                metadata: {name: prod}
                spec:
                  resources: {include: ["*"]}
                  masking: {names: [%s]}
                """.formatted(word), Recording.class);
    }

    private static RecordingPolicy policy(String namespace, String recording, String word) {
        return Serialization.unmarshal(
                """
                metadata: {name: p, namespace: %s}
                spec:
                  %s
                  masking: {names: [%s]}
                """.formatted(namespace, recording.isEmpty() ? "" : "recording: " + recording, word),
                RecordingPolicy.class);
    }
}
