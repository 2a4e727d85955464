/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * How a {@link RewindServer} listens. It listens on loopback only.
 *
 * @param port 0 for any free port
 * @param token the bearer token every request must carry
 */
public record RewindOptions(int port, String token) {

    /** Any free port and a random token. */
    public static RewindOptions defaults() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return new RewindOptions(0, HexFormat.of().formatHex(random));
    }

    public RewindOptions withPort(int newPort) {
        return new RewindOptions(newPort, token);
    }

    public RewindOptions withToken(String newToken) {
        return new RewindOptions(port, newToken);
    }
}
