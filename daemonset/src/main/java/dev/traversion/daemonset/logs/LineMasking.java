/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import dev.traversion.masking.Masking;

/** Masks the lines of one stream of a container: each by itself, and those of a private key that goes over several. For one thread. */
final class LineMasking {

    /** More lines no key has. */
    private static final int MOST_KEY_LINES = 200;

    private final String namespace;
    private int keyLines;

    LineMasking(String namespace) {
        this.namespace = namespace;
    }

    /** Whether a key has begun that has not ended. */
    boolean isInKey() {
        return keyLines > 0;
    }

    String mask(String line, Masking masking) {
        boolean isEnd = line.contains("-----END ") && line.contains("PRIVATE KEY");
        if (keyLines > 0) {
            keyLines = isEnd ? 0 : keyLines - 1;
            return isEnd ? line : masking.secret(namespace, line);
        }
        if (!isEnd && line.contains("-----BEGIN ") && line.contains("PRIVATE KEY")) {
            keyLines = MOST_KEY_LINES;
        }
        return masking.text(namespace, line);
    }
}
