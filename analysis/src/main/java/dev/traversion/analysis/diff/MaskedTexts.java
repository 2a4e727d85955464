/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.diff;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts in which tokens stand for what is secret. Tokens of different keys cannot be compared. */
final class MaskedTexts {

    private static final String TOKEN = "hmac:(?:([0-9]{1,9}):)?[0-9a-f]{32}";
    private static final Pattern PLAIN = Pattern.compile(TOKEN);

    /** A token, or base64 that begins like one. */
    private static final Pattern ANY = Pattern.compile(TOKEN + "|aG1hYz[op][A-Za-z0-9+/]{40,}={0,2}");

    private MaskedTexts() {}

    private record Token(String epoch, String text) {

        boolean mayBe(Token other) {
            return !epoch.equals(other.epoch) || text.equals(other.text);
        }
    }

    /** Whether two different texts differ in nothing but tokens of different keys. */
    static boolean differByKeyOnly(String before, String after) {
        List<Token> old = new ArrayList<>();
        List<Token> now = new ArrayList<>();
        if (!rest(before, old).equals(rest(after, now)) || old.isEmpty()) {
            return false;
        }
        for (int i = 0; i < old.size(); i++) {
            if (!old.get(i).mayBe(now.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The text around the tokens, which are added. */
    private static String rest(String text, List<Token> tokens) {
        StringBuilder rest = new StringBuilder();
        Matcher matcher = ANY.matcher(text);
        int from = 0;
        while (matcher.find()) {
            String epoch = epoch(matcher.group());
            if (epoch != null) {
                rest.append(text, from, matcher.start()).append('\0');
                from = matcher.end();
                tokens.add(new Token(epoch, matcher.group()));
            }
        }
        return rest.append(text, from, text.length()).toString();
    }

    /** Null if it is no token. */
    private static String epoch(String found) {
        Matcher token = PLAIN.matcher(found.startsWith("hmac:") ? found : decoded(found));
        if (!token.matches()) {
            return null;
        }
        return token.group(1) == null ? "1" : token.group(1);
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
