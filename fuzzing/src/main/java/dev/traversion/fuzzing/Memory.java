/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.fuzzing;

import java.lang.management.ManagementFactory;

/** Tells how much memory was asked for: a reader of damaged bytes must not believe their lengths. */
public final class Memory {

    private Memory() {}

    /** What may fail in any way. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** Runs an action, which must not allocate more than so many bytes on this thread. */
    public static void atMost(long bytes, Action action) throws Exception {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Exception failure = null;
        try {
            action.run();
        } catch (Exception e) {
            failure = e;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        if (allocated > bytes) {
            throw new AssertionError("allocated " + allocated + " bytes where " + bytes + " must be enough", failure);
        }
        if (failure != null) {
            throw failure;
        }
    }
}
