/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class MaskedTextsTest {

    private static final String ONE = "hmac:" + "a1".repeat(16);
    private static final String OTHER = "hmac:" + "b2".repeat(16);
    private static final String LATER = "hmac:2:" + "c3".repeat(16);

    private static boolean isMaskedAnew(String before, String after) {
        return new FieldChange(FieldPath.root(), TextNode.valueOf(before), TextNode.valueOf(after), null)
                .isMaskedAnew();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void tokensOfAnotherKeySayNothingOfAChange() {
        assertThat(isMaskedAnew(ONE, LATER)).isTrue();
        assertThat(isMaskedAnew("a " + ONE + " b", "a " + LATER + " b")).isTrue();
        assertThat(isMaskedAnew(base64(ONE), base64(LATER))).isTrue();
        assertThat(isMaskedAnew("{\"x\":\"" + base64(ONE) + "\"}", "{\"x\":\"" + base64(LATER) + "\"}"))
                .isTrue();
    }

    @Test
    void whateverElseDiffersIsAChange() {
        assertThat(isMaskedAnew(ONE, OTHER)).isFalse();
        assertThat(isMaskedAnew(base64(ONE), base64(OTHER))).isFalse();
        assertThat(isMaskedAnew("a " + ONE, "b " + LATER)).isFalse();
        assertThat(isMaskedAnew(ONE + " " + ONE, LATER + " " + OTHER)).isFalse();
        assertThat(isMaskedAnew(ONE + " " + ONE, LATER)).isFalse();
        assertThat(isMaskedAnew(ONE, "plain")).isFalse();
        assertThat(isMaskedAnew("one", "two")).isFalse();
    }
}
