/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

/**
 * Times of the console: ms since the epoch. What was observed is rounded up, so that what was observed by an instant of the console
 * is exactly what bears its time or an earlier one.
 */
final class Millis {

    private static final long NANOS = 1_000_000L;

    private Millis() {}

    /** @param nanos when something was observed, ns */
    static long observed(long nanos) {
        return Math.ceilDiv(nanos, NANOS);
    }

    static long nanos(long millis) {
        return Math.multiplyExact(millis, NANOS);
    }
}
