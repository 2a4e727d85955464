/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.fuzzing.FuzzTargets;
import java.nio.charset.StandardCharsets;

/** Whatever a client sends as a selector is understood, or refused with a sentence. */
class SelectorFuzzTest implements FuzzTargets {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final byte[] POD =
            ("{\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"namespace\":\"b\",\"labels\":{\"app\":\"shop\",\"n\":\"5\",\"\\u00e9\":\"\"}},"
                            + "\"spec\":{\"nodeName\":\"n1\"},\"status\":{\"phase\":\"Running\"}}")
                    .getBytes(StandardCharsets.UTF_8);

    @FuzzTest
    void anyLabelSelectorIsReadOrRefused(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        boolean matches;
        try {
            matches = LabelSelector.parse(text).matches(POD);
        } catch (SelectorException e) {
            assertThat(e.getMessage()).isNotEmpty();
            return;
        }
        assertThat(LabelSelector.parse(text).matches(POD)).isEqualTo(matches);
        if (!text.contains("\u0000") && !text.isBlank()) {
            assertThat(LabelSelector.parse(text + ",!nosuchlabel").matches(POD)).isEqualTo(matches);
        }
    }

    @FuzzTest
    void anyFieldSelectorIsReadOrRefused(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            FieldSelector selector = FieldSelector.parse(text, SelectableFields.of(PODS, PODS));
            selector.matches(new ObjectKey(PODS, "b", "a"), POD);
        } catch (SelectorException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
