/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** What stands for secret values in the objects of a namespace. */
record Tokens(MaskingKey key, String namespace) {

    private static final Pattern TOKEN = Pattern.compile("hmac:(?:[0-9]{1,9}:)?[0-9a-f]{32}");

    /** The same for equal values in the same field, and for nothing else. */
    String token(String field, String value) {
        return key.token(namespace, field, value);
    }

    /** The same, as base64: where a value must be. */
    String base64(String field, String value) {
        return Base64.getEncoder().encodeToString(token(field, value).getBytes(StandardCharsets.UTF_8));
    }

    /** See {@link MaskingKey#number}. */
    String number(String field, String number) {
        return key.number(namespace, field, number);
    }

    /** Whether a text is a token, of this key or another. */
    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }
}
