/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.testing.Seed;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SubjectSearchTest {

    private static Subject subject(String value) {
        return Subject.of("0123456789abcdef", "5a17", "2026-01-31T14:03:22Z", value);
    }

    private static String without(String value, String text) {
        return new String(
                new SubjectSearch(List.of(subject(value))).without(text.getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);
    }

    @Test
    void aValueIsReplacedWhereverItStands() {
        assertThat(without(
                        "jane@example.com",
                        "{\"a\":\"jane@example.com\",\"b\":\"to jane@example.com, jane@example.co\"}"))
                .isEqualTo("{\"a\":\"erased-01234567\",\"b\":\"to erased-01234567, jane@example.co\"}");
        assertThat(without("jane@example.com", "?mail=jane%40example.com")).isEqualTo("?mail=erased-01234567");
        assertThat(without("Zo\u00eb M\u00fcller", "by Zo\u00eb M\u00fcller.")).isEqualTo("by erased-01234567.");
        assertThat(without("4915123456", "{\"phone\":4915123456}")).isEqualTo("{\"phone\":1000000000}");
    }

    @Test
    void aValueThatJsonEscapesIsFoundAtEveryDepth() {
        String value = "a\"b<c>&d";
        String once = "a\\\"b\\u003cc\\u003e\\u0026d";
        assertThat(without(value, "[\"" + once + "\"]")).isEqualTo("[\"erased-01234567\"]");
        String twice = once.replace("\\", "\\\\").replace("\"", "\\\"");
        assertThat(without(value, twice)).isEqualTo("erased-01234567");
    }

    @Test
    void inBase64ItIsReplacedAtEveryAlignmentAndNothingElseChanges() {
        long seed = Seed.take();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            String value = "jane" + "~?>o".substring(0, 1 + random.nextInt(4)) + random.nextInt(1000);
            String before = "<".repeat(random.nextInt(7));
            String after = "?".repeat(random.nextInt(7));
            byte[] whole = (before + value + after).getBytes(StandardCharsets.UTF_8);
            for (boolean isForUrls : new boolean[] {false, true}) {
                Base64.Encoder encoder = isForUrls ? Base64.getUrlEncoder() : Base64.getEncoder();
                Base64.Decoder decoder = isForUrls ? Base64.getUrlDecoder() : Base64.getDecoder();
                String cleaned = without(value, "{\"x\":\"" + encoder.encodeToString(whole) + "\"}");
                String text = cleaned.substring(6, cleaned.length() - 2);
                assertThat(new String(decoder.decode(text), StandardCharsets.UTF_8))
                        .as("%s%s%s, seed %d", before, value, after, seed)
                        .isEqualTo(before + "x".repeat(value.length()) + after);
            }
        }
    }

    @Test
    void theValueIsInNoForm() {
        Subject subject = subject("jane@example.com");
        assertThat(subject.toString()).doesNotContain("jane").doesNotContain("example");
        assertThat(subject.isOf("jane@example.com")).isTrue();
        assertThat(subject.isOf("john@example.com")).isFalse();
    }

    @Test
    void whatWouldBeFoundEverywhereIsRefused() {
        assertThatThrownBy(() -> subject("anna"))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("too short");
        assertThatThrownBy(() -> subject("8080808"))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("too short");
    }
}
