/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.recording;

import java.time.Duration;

/** Waits for what happens in another process. */
public final class Waiting {

    /** Something that becomes true. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Waiting() {}

    public static void until(Duration limit, String what, Condition condition) throws Exception {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
            }
            Thread.sleep(100);
        }
    }
}
