/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * What Pods read when they start, so that a change of it must start them anew.
 *
 * @param rules JSON of the rules in force
 * @param logs JSON of which logs are recorded, and what is secret in them; it is read again when it changes
 * @param credentials the version of the Secret with the credentials; {@code ""} if there is none
 */
record Inputs(String rules, String logs, String credentials) {

    Map<String, String> annotations() {
        return new TreeMap<>(
                Map.of("traversion.dev/rules", digest(rules), "traversion.dev/credentials", digest(credentials)));
    }

    /** Without the rules, which agents do not read. */
    Map<String, String> credentialsAnnotation() {
        return Map.of("traversion.dev/credentials", digest(credentials));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
