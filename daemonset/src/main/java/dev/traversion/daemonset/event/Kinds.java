/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import java.nio.charset.StandardCharsets;

/** The kinds of rows, as they are stored. */
final class Kinds {

    static final byte[] EXEC = of("exec");
    static final byte[] RUNNING = of("running");
    static final byte[] EXIT = of("exit");
    static final byte[] OOM_KILL = of("oom_kill");
    static final byte[] SIGNAL = of("signal");
    static final byte[] CONNECTED = of("connected");
    static final byte[] ACCEPTED = of("accepted");
    static final byte[] FAILED = of("failed");
    static final byte[] UNKNOWN = of("unknown");
    static final byte[] OPEN = of("open");
    static final byte[] RETRANSMIT = of("retransmit");
    static final byte[] RESET_RECEIVED = of("reset_received");
    static final byte[] RESET_SENT = of("reset_sent");
    static final byte[] ANSWERED = of("answered");
    static final byte[] UNANSWERED = of("unanswered");
    static final byte[] PRESENT = of("present");
    static final byte[] MADE = of("made");
    static final byte[] REMOVED = of("removed");

    private Kinds() {}

    private static byte[] of(String kind) {
        return kind.getBytes(StandardCharsets.US_ASCII);
    }
}
