/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParagraphTest {

    private static final String TEXT =
            "  deployments.apps/gateway -n shop  changed spec.template.spec.containers[name=gateway].image and was not ready since";

    @Test
    void noLineIsWiderThanTheTerminalAndNoWordIsLost() {
        for (int columns : new int[] {60, 80, 120}) {
            String wrapped = Paragraph.wrap(TEXT, columns, "    ");
            assertThat(wrapped.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
            assertThat(wrapped.lines().skip(1))
                    .allSatisfy(line -> assertThat(line).startsWith("    "));
            assertThat(wrapped.split("\\s+")).isEqualTo(TEXT.split("\\s+"));
        }
    }

    @Test
    void colorsTakeNoRoom() {
        String word = "\u001b[1m" + "x".repeat(30) + "\u001b[0m";

        assertThat(Paragraph.wrap(word + " " + word, 61, "  ").lines()).hasSize(1);
        assertThat(Paragraph.wrap(word + " " + word, 60, "  ").lines()).hasSize(2);
    }

    @Test
    void aWordThatIsTooLongStaysWholeAndANarrowTerminalBreaksNothing() {
        String word = "x".repeat(100);

        assertThat(Paragraph.wrap("a " + word + " b", 50, "  ")).isEqualTo("a\n  " + word + "\n  b");
        assertThat(Paragraph.wrap(TEXT, 20, "  ")).isEqualTo(TEXT);
    }
}
