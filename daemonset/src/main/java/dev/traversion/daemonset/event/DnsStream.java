/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

/**
 * Where the messages begin in one direction of a connection to a server of names: each says how long it is, and segments may cut it
 * anywhere. For one thread.
 */
final class DnsStream {

    /** The length of a message and its header. */
    static final int HEAD = 2 + 12;

    private static final int LONGEST = 2 + 0xFFFF;

    private final byte[] head = new byte[HEAD];
    private int filled;
    private int next;
    private boolean isKnown;
    private boolean isBlind;
    private long last;

    /** Takes a message's beginning. */
    interface Visitor {

        /**
         * @param head its length and header
         * @param rest the segment's bytes
         * @param at where the message goes on among them
         * @return whether it makes sense
         */
        boolean message(byte[] head, byte[] rest, int at);
    }

    /** Whether something was not there that might have been a message. */
    boolean isBlind() {
        return isBlind;
    }

    /** When the last segment was. */
    long last() {
        return last;
    }

    /**
     * Goes through a segment.
     *
     * @param sequence of its first byte
     * @param there what is there of what it carried, from the beginning on
     * @param length of what it carried
     */
    void segment(long time, int sequence, byte[] there, int length, Visitor visitor) {
        last = time;
        int ahead = next - sequence;
        // Something was lost, or the port is used anew: a segment mostly begins with a message.
        if (!isKnown || ahead < 0 || ahead > LONGEST + length) {
            isBlind |= isKnown && ahead < 0;
            isKnown = true;
            filled = 0;
            next = sequence;
        }
        for (int at = next - sequence; at < length; at = next - sequence) {
            int taken = Math.min(HEAD - filled, there.length - at);
            if (taken <= 0) {
                lose();
                return;
            }
            System.arraycopy(there, at, head, filled, taken);
            filled += taken;
            next += taken;
            if (filled == HEAD) {
                filled = 0;
                int rest = 2 + big(head, 0) - HEAD;
                if (rest < 0 || !visitor.message(head, there, at + taken)) {
                    lose();
                    return;
                }
                next += rest;
            }
        }
    }

    private void lose() {
        isKnown = false;
        isBlind = true;
    }

    /** A number in network order. */
    static int big(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }
}
