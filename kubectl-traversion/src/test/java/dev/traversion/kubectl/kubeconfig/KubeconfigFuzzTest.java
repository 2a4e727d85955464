/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.traversion.archive.TraversionException;
import dev.traversion.fuzzing.FuzzTargets;
import java.nio.charset.StandardCharsets;

/** A kubeconfig is the user's: it is understood, or left alone. */
class KubeconfigFuzzTest implements FuzzTargets {

    @FuzzTest
    void aMomentComesAndGoesAndLeavesNothingBehind(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        KubeconfigText before;
        try {
            before = KubeconfigText.parse(text, "config");
            before.requireEditable("config");
        } catch (TraversionException e) {
            assertThat(e).hasMessageContaining("config");
            return;
        }
        MomentContext moment = new MomentContext(
                "traversion-x", "https://127.0.0.1:1", "certificate", MomentContext.Login.byToken("token"), "default");
        KubeconfigText with = KubeconfigText.parse(before.withMoment(moment).text(), "config");
        assertThat(with.currentContext()).contains("traversion-x");
        assertThat(with.moments()).contains("traversion-x");
        assertThat(with.contexts()).containsAll(before.contexts());
        KubeconfigText after = KubeconfigText.parse(with.withoutMoments().text(), "config");
        assertThat(after.moments()).isEmpty();
        if (before.moments().isEmpty()) {
            assertThat(after.contexts()).isEqualTo(before.contexts());
            assertThat(after.currentContext().orElse(""))
                    .isEqualTo(before.currentContext().orElse(""));
        }
    }
}
