/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What stands in the place of a part of a body.
 *
 * @param start of what is replaced, in bytes
 * @param end exclusive
 * @param json what stands there instead
 */
record Edit(int start, int end, String json) {

    /** @param edits by position, none over another */
    static byte[] apply(byte[] body, List<Edit> edits) {
        ByteArrayOutputStream masked = new ByteArrayOutputStream(body.length + 64);
        int from = 0;
        for (Edit edit : edits) {
            masked.write(body, from, edit.start - from);
            byte[] text = edit.json.getBytes(StandardCharsets.UTF_8);
            masked.write(text, 0, text.length);
            from = edit.end;
        }
        masked.write(body, from, body.length - from);
        return masked.toByteArray();
    }

    /** Quotes as the API server does: also what HTML would mind. */
    static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                default -> {
                    if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
