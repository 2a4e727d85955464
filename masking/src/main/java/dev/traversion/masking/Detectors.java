/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.traversion.masking.Needles.Needle;
import dev.traversion.masking.rules.Detector;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Recognises secrets in any text, whatever its field is called. Safe for concurrent use. */
final class Detectors {

    /** What is shorter holds none. */
    private static final int LEAST = 6;

    /** Characters of base64 that are looked into: shorter ones are words. */
    private static final int LEAST_BASE64 = 20;

    private static final int BOTH_CASES = Characters.UPPER | Characters.LOWER;

    private final Needles needles;
    private final boolean emails;
    private final boolean cards;
    private final Set<Detector> chosen;
    private final List<Pattern> patterns;

    Detectors(List<Needle> needles) {
        this(new Needles(needles), EnumSet.noneOf(Detector.class), List.of());
    }

    private Detectors(Needles needles, Set<Detector> chosen, List<Pattern> patterns) {
        this.needles = needles;
        this.chosen = chosen;
        this.emails = chosen.contains(Detector.EMAILS);
        this.cards = chosen.contains(Detector.CARD_NUMBERS);
        this.patterns = patterns;
    }

    Detectors and(Collection<Detector> more, Collection<String> morePatterns) {
        if (more.isEmpty() && morePatterns.isEmpty()) {
            return this;
        }
        Set<Detector> all = EnumSet.noneOf(Detector.class);
        all.addAll(chosen);
        all.addAll(more);
        List<Pattern> allPatterns = new ArrayList<>(patterns);
        morePatterns.forEach(pattern -> allPatterns.add(Pattern.compile(pattern)));
        return new Detectors(needles, all, List.copyOf(allPatterns));
    }

    /** Those that always are, and no others. */
    Detectors builtIn() {
        return new Detectors(needles, EnumSet.noneOf(Detector.class), List.of());
    }

    /** Whether numbers are looked at. */
    boolean findsCards() {
        return cards;
    }

    /** A look at the bytes of a text as JSON writes it, at about the cost of reading them: false if it holds nothing for certain. */
    boolean mayHold(byte[] bytes, int from, int to) {
        if (!patterns.isEmpty()) {
            return to > from;
        }
        if (to - from < LEAST) {
            return false;
        }
        if (bytes[from] == '-' && bytes[from + 1] == '-' && hasSpace(bytes, from, to)) {
            return true;
        }
        return needles.isIn(bytes, from, to)
                || hasBase64(bytes, from, to)
                || ((emails || cards) && mayBePersonal(bytes, from, to));
    }

    /** Whether there is a run of it: one that is long enough has a character at one of each so many places. */
    private static boolean hasBase64(byte[] bytes, int from, int to) {
        int at = from + LEAST_BASE64 - 1;
        while (at < to) {
            if ((Characters.of(bytes[at] & 0xff) & Characters.BASE64) == 0) {
                at += LEAST_BASE64;
                continue;
            }
            int start = at;
            int seen = 0;
            while (start >= from && (Characters.of(bytes[start] & 0xff) & Characters.BASE64) != 0) {
                seen |= Characters.of(bytes[start--] & 0xff);
            }
            int end = at + 1;
            while (end < to && (Characters.of(bytes[end] & 0xff) & Characters.BASE64) != 0) {
                seen |= Characters.of(bytes[end++] & 0xff);
            }
            if (end - start > LEAST_BASE64 && (seen & BOTH_CASES) == BOTH_CASES) {
                return true;
            }
            at = end + LEAST_BASE64;
        }
        return false;
    }

    private boolean mayBePersonal(byte[] bytes, int from, int to) {
        int digits = 0;
        for (int at = from; at < to; at++) {
            int is = Characters.of(bytes[at] & 0xff);
            digits = (is & Characters.DIGIT) != 0 ? digits + 1 : (is & Characters.GAP) != 0 ? digits : 0;
            if ((emails && (is & Characters.AT) != 0) || (cards && digits >= Personal.LEAST_DIGITS)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasSpace(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            if (bytes[at] == ' ') {
                return true;
            }
        }
        return false;
    }

    /**
     * A text without what is found in it; null if nothing is.
     *
     * @param inner what is done to a text that is in it as base64: gives it without secrets, or null if there are none
     */
    String mask(String text, String path, SecretNames names, Tokens tokens, UnaryOperator<String> inner) {
        List<Finding> findings = find(text, new TokenShapes(names, text), path, tokens, inner);
        if (findings.isEmpty()) {
            return null;
        }
        StringBuilder masked = new StringBuilder(text.length() + 32);
        int written = 0;
        for (Finding finding : findings) {
            masked.append(text, written, finding.start());
            masked.append(replacement(finding, text, path, tokens));
            written = finding.end();
        }
        return masked.append(text, written, text.length()).toString();
    }

    private static String replacement(Finding finding, String text, String path, Tokens tokens) {
        if (finding.replacement() != null) {
            return finding.replacement();
        }
        String value = text.substring(finding.start(), finding.end());
        String field = path + "[" + finding.kind() + "]";
        boolean isNumber = finding.start() == 0
                && finding.end() == text.length()
                && value.chars().allMatch(c -> c >= '0' && c <= '9');
        // It may be a quantity, which must be one.
        return isNumber ? tokens.number(field, value) : tokens.token(field, value);
    }

    /** In the order of the text, none over another. */
    private List<Finding> find(
            String text, TokenShapes shapes, String path, Tokens tokens, UnaryOperator<String> inner) {
        List<Finding> findings = new ArrayList<>();
        int three = 0;
        int run = 0;
        int seen = 0;
        if (text.startsWith("--")) {
            Finding flag = shapes.judge(FLAG_AT_START, 0);
            if (flag != null) {
                findings.add(flag);
            }
        }
        int free = findings.isEmpty() ? 0 : findings.getFirst().end();
        for (int at = 0; at <= text.length(); at++) {
            int c = at < text.length() ? text.charAt(at) : ' ';
            int is = Characters.of(c);
            Finding found = null;
            if ((is & Characters.BASE64) == 0) {
                if (run >= LEAST_BASE64 && (seen & BOTH_CASES) == BOTH_CASES && at - run >= free) {
                    found = base64(text, at - run, at, path, tokens, inner);
                }
                run = 0;
                seen = 0;
            } else {
                run++;
                seen |= is;
            }
            three = c < 128 ? (three << 8 | c) & 0xffffff : 0;
            if (found == null && at >= 2 && at - 2 >= free && needles.mayBegin(three)) {
                Needle needle = needles.at(three, text, at - 2);
                found = needle == null ? null : shapes.judge(needle, at - 2);
            }
            if (found == null && at >= free) {
                found = personal(text, at, is);
            }
            if (found != null && found.start() >= free) {
                findings.add(found);
                free = found.end();
                at = Math.max(at, free - 1);
                run = 0;
                seen = 0;
                three = 0;
            }
        }
        return patterns.isEmpty() ? findings : withPatterns(text, findings);
    }

    private static final Needle FLAG_AT_START = new Needle("--", Needles.Kind.FLAG, 0, "");

    private Finding personal(String text, int at, int is) {
        if (emails && (is & Characters.AT) != 0) {
            return Personal.email(text, at);
        }
        if (cards && (is & Characters.DIGIT) != 0) {
            return Personal.card(text, at);
        }
        return null;
    }

    /** A run of base64, or a part of it: it may be the end of a path. */
    private static Finding base64(
            String text, int from, int to, String path, Tokens tokens, UnaryOperator<String> inner) {
        Finding whole = decoded(text, from, to, path, tokens, inner);
        int slash = to - 1;
        while (slash > from && text.charAt(slash) != '/') {
            slash--;
        }
        return whole == null && text.charAt(slash) == '/' && to - slash > LEAST_BASE64
                ? decoded(text, slash + 1, to, path, tokens, inner)
                : whole;
    }

    /** What is in base64 is searched as if it were not, and stays base64. */
    private static Finding decoded(
            String text, int from, int to, String path, Tokens tokens, UnaryOperator<String> inner) {
        String raw = text.substring(from, to);
        boolean isForUrls = raw.indexOf('-') >= 0 || raw.indexOf('_') >= 0;
        byte[] bytes;
        try {
            bytes = (isForUrls ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(raw);
        } catch (IllegalArgumentException e) {
            return null;
        }
        int end = to;
        while (end < text.length() && end - to < 2 && text.charAt(end) == '=') {
            end++;
        }
        String masked;
        if (bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b) {
            // What is compressed is not looked into: a Helm release has all values in it.
            masked = tokens.token(path + "[gzip]", raw);
        } else {
            String decoded = text(bytes);
            masked = decoded == null ? null : inner.apply(decoded);
        }
        if (masked == null) {
            return null;
        }
        Base64.Encoder encoder = isForUrls ? Base64.getUrlEncoder() : Base64.getEncoder();
        encoder = end == to && raw.length() % 4 != 0 ? encoder.withoutPadding() : encoder;
        return new Finding(from, end, "base64", encoder.encodeToString(masked.getBytes(StandardCharsets.UTF_8)));
    }

    /** Null if it is no text. */
    private static String text(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\t' && c != '\r') ? null : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private List<Finding> withPatterns(String text, List<Finding> findings) {
        List<Finding> all = new ArrayList<>(findings);
        for (Pattern pattern : patterns) {
            Matcher matcher = pattern.matcher(text);
            while (matcher.find()) {
                if (matcher.end() > matcher.start()) {
                    all.add(Finding.secret(matcher.start(), matcher.end(), "pattern"));
                }
            }
        }
        all.sort(Comparator.comparingInt(Finding::start));
        List<Finding> apart = new ArrayList<>();
        for (Finding next : all) {
            Finding last = apart.isEmpty() ? null : apart.getLast();
            if (last == null || last.end() <= next.start()) {
                apart.add(next);
            } else if (last.end() < next.end()) {
                apart.set(apart.size() - 1, Finding.secret(last.start(), next.end(), last.kind()));
            }
        }
        return apart;
    }
}
