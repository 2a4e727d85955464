/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the rules say about names, found by their bytes: the same few come again in every object, and to make a text of each would cost
 * more than to read the object. Safe for concurrent use: entries are immutable, and one that another thread overwrites is found anew.
 */
final class PlainNames {

    /** In it is what logs in to registries, in fields called auth. */
    static final String DOCKER_LOGINS = "auths";

    private static final int SLOTS = 1 << 13;
    private static final int LONGEST_REMEMBERED = 128;

    private final MaskingRules rules;
    private final Name[] remembered = new Name[SLOTS];

    /**
     * @param secretField whether a text in a field of this name is secret
     * @param secretEnv whether the value of an environment variable of this name is
     * @param secretNumber whether a number in a field of this name is
     * @param pairs whether entries of a field of this name are names and values
     * @param searched whether what is below may be secret for reasons that only a whole search knows
     */
    record Name(
            String text,
            byte[] bytes,
            boolean secretField,
            boolean secretEnv,
            boolean secretNumber,
            boolean pairs,
            boolean searched) {

        private boolean is(byte[] in, int from, int to) {
            return Arrays.equals(bytes, 0, bytes.length, in, from, to);
        }
    }

    PlainNames(MaskingRules rules) {
        this.rules = rules;
    }

    /** A name of ASCII characters without escapes. */
    Name at(byte[] bytes, int from, int to) {
        int hash = hash(bytes, from, to);
        int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
        Name known = remembered[slot];
        if (known != null && known.is(bytes, from, to)) {
            return known;
        }
        String text = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        Name name = new Name(
                text,
                Arrays.copyOfRange(bytes, from, to),
                rules.isSecretField(text),
                rules.isSecretEnv(text),
                rules.isSecretNumber(text),
                rules.pairs().contains(text),
                text.equals(DOCKER_LOGINS) || rules.fields().mayLeadTo(text));
        if (to - from <= LONGEST_REMEMBERED) {
            remembered[slot] = name;
        }
        return name;
    }

    static int hash(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return hash;
    }
}
