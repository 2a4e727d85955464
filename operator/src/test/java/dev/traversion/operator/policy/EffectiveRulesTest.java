/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.NamespaceSelection;
import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingPolicy;
import dev.traversion.masking.rules.Detector;
import dev.traversion.masking.rules.FieldRule;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.masking.rules.SecretRules;
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
                .isEqualTo(Map.of(
                        "shop",
                        SecretRules.ofNames(List.of("customer-id", "iban")),
                        "bank",
                        SecretRules.ofNames(List.of("iban"))));
        assertThat(EffectiveRules.of(recording("taxnumber"), policies).names()).containsExactly("taxnumber");
    }

    @Test
    void onlyTheNamespacesOfTheSpecAreRecorded() {
        Recording recording = Serialization.unmarshal("""
                metadata: {name: prod}
                spec:
                  resources: {include: ["*"]}
                  namespaces: {include: [team-*], exclude: [team-x]}
                  masking: {names: [iban]}
                """, Recording.class);

        assertThat(EffectiveRules.of(recording, List.of()).selected())
                .isEqualTo(new NamespaceSelection(List.of("team-*"), List.of("team-x")));
        assertThat(EffectiveRules.of(recording("x1"), List.of()).selected()).isEqualTo(NamespaceSelection.ALL);
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

    @Test
    void policiesAddWhateverTheyAskForAndNeverTakeAway() {
        RecordingPolicy all = policyOf("""
                names: [iban]
                fields: [{resource: widgets.example.com, path: spec.customer}]
                detect: [emails]
                patterns: ["CUST-[0-9]{6}"]
                """);

        RecordingRules rules = EffectiveRules.of(recording("taxnumber"), List.of(all, policy("shop", "", "pin-code")));

        assertThat(rules.everywhere()).isEqualTo(SecretRules.ofNames(List.of("taxnumber")));
        assertThat(rules.namespaces().get("shop"))
                .isEqualTo(new SecretRules(
                        List.of("iban", "pin-code"),
                        List.of(new FieldRule("widgets.example.com", "spec.customer")),
                        Set.of(Detector.EMAILS),
                        List.of("CUST-[0-9]{6}")));
    }

    @Test
    void whatCannotBeFollowedIsAConflictThatSaysWhy() {
        assertThat(PolicyVerdict.of(policyOf("fields: [{path: metadata.name}]"), Set.of("prod"))
                        .message())
                .startsWith("masking.fields: metadata.name would mask what identifies objects");
        assertThat(PolicyVerdict.of(policyOf("patterns: ['(a']"), Set.of("prod"))
                        .message())
                .startsWith("masking.patterns: (a is no RE2 expression");
    }

    private static RecordingPolicy policyOf(String masking) {
        return Serialization.unmarshal(
                "metadata: {name: p, namespace: shop}\nspec:\n  masking:\n" + masking.indent(4), RecordingPolicy.class);
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
