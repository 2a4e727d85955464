/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.traversion.archive.TraversionException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value that is erased, such as an e-mail address or a token, and must not come back. The value is not in it, only salted hashes of
 * the forms in which it stands in objects: whoever knows the value can tell that it is meant, nobody can read it here.
 *
 * @param format {@code 1.0}
 * @param id of the erasure
 * @param salt of the hashes, in hex
 * @param time when it was made, RFC 3339
 * @param forms how the value is written
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Subject(String format, String id, String salt, String time, List<Form> forms) {

    /** Shorter values would be found in other words, too. */
    static final int LEAST_BYTES = 5;

    private static final int MOST_BYTES = 4096;
    private static final int LEAST_DIGITS = 8;

    /** The value as it is, or escaped. */
    static final int TEXT = -1;

    /** The value as it is, which is a number. */
    static final int NUMBER = -2;

    /**
     * @param length in bytes
     * @param sum 16 bits by which to look for it quickly
     * @param hash SHA-256 of the salt and the bytes, in hex
     * @param kind -1 for a text, -2 for a number; for what is in base64, how many bytes come before the value, modulo 3
     */
    public record Form(int length, int sum, String hash, int kind) {}

    /** @throws TraversionException if the value would be found where it is not meant */
    public static Subject of(String id, String salt, String time, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        boolean isNumber = value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (bytes.length < LEAST_BYTES || (isNumber && bytes.length < LEAST_DIGITS)) {
            throw new TraversionException(
                    "The value is too short: it would be found in other words and numbers, too. Give"
                            + " one of at least " + LEAST_BYTES + " bytes, or " + LEAST_DIGITS + " digits.");
        }
        if (bytes.length > MOST_BYTES) {
            throw new TraversionException(
                    "The value is longer than " + MOST_BYTES + " bytes. Give a part of it that is nowhere else.");
        }
        List<Form> forms = new ArrayList<>();
        written(value).forEach((text, kind) -> {
            byte[] form = text.getBytes(StandardCharsets.UTF_8);
            forms.add(new Form(form.length, RollingSum.of(form), hash(salt, form, 0, form.length), kind));
        });
        return new Subject("1.0", id, salt, time, List.copyOf(forms));
    }

    /** Whether it is about this value. */
    public boolean isOf(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return isForm(forms.getFirst(), bytes, 0);
    }

    boolean isForm(Form form, byte[] bytes, int from) {
        return from + form.length() <= bytes.length
                && hash(salt, bytes, from, form.length()).equals(form.hash());
    }

    /** What stands there instead. */
    byte[] replacement(Form form) {
        if (form.kind() == NUMBER) {
            byte[] number = new byte[form.length()];
            Arrays.fill(number, (byte) '0');
            number[0] = '1';
            return number;
        }
        return ("erased-" + id.substring(0, Math.min(8, id.length()))).getBytes(StandardCharsets.UTF_8);
    }

    /** How the value is written in objects, and the kind of each form; the value itself first. */
    private static Map<String, Integer> written(String value) {
        Map<String, Integer> forms = new LinkedHashMap<>();
        boolean isNumber = value.chars().allMatch(c -> c >= '0' && c <= '9');
        forms.put(value, isNumber ? NUMBER : TEXT);
        String escaped = value;
        // JSON in a text in JSON, as in last-applied-configuration, and once more.
        for (int depth = 0; depth < 3; depth++) {
            escaped = escaped(escaped);
            forms.putIfAbsent(escaped, TEXT);
        }
        forms.putIfAbsent(percentEncoded(value), TEXT);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        for (int before = 0; before < 3; before++) {
            String base64 = SubjectBase64.inner(bytes, before);
            forms.putIfAbsent(base64, before);
            forms.putIfAbsent(base64.replace('+', '-').replace('/', '_'), before);
        }
        return forms;
    }

    /** As the API server writes it in JSON. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> escaped.append('\\').append(c);
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (c < ' ' || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
                        escaped.append(String.format("\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }

    private static String percentEncoded(String value) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
            if (Character.isLetterOrDigit(each) || "-._~".indexOf(each) >= 0) {
                encoded.write(each);
            } else {
                encoded.writeBytes(String.format("%%%02X", each & 0xFF).getBytes(StandardCharsets.US_ASCII));
            }
        }
        return encoded.toString(StandardCharsets.US_ASCII);
    }

    private static String hash(String salt, byte[] bytes, int from, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt.getBytes(StandardCharsets.UTF_8));
            digest.update(bytes, from, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
