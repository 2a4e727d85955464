/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process has used so far.
 *
 * @param cpuSeconds of all threads, the JVM's own included
 * @param allocated bytes, by all threads
 */
record Usage(double cpuSeconds, long allocated) {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Usage now() {
        return new Usage(PROCESS.getProcessCpuTime() / 1e9, THREADS.getTotalThreadAllocatedBytes());
    }

    Usage since(Usage before) {
        return new Usage(cpuSeconds - before.cpuSeconds, allocated - before.allocated);
    }

    /** Bytes of objects that are alive. */
    static long liveHeap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
