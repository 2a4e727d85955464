/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.clock;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The clock of the kernel's events: nanoseconds since the machine started, the time it slept included. For any threads. */
public final class BootClock {

    private static final int REALTIME = 0;
    private static final int BOOTTIME = 7;
    private static final int ATTEMPTS = 5;
    private static final long SECOND = 1_000_000_000L;
    private static final MethodHandle GET_TIME = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

    private final MemorySegment time = Arena.ofAuto().allocate(2L * Long.BYTES, Long.BYTES);

    /** Nanoseconds. */
    public synchronized long now() {
        return read(BOOTTIME);
    }

    /** How UTC relates to it now: the best of a few tries, since the clocks cannot be read at once. */
    public synchronized ClockSample sample() {
        ClockSample best = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            long before = read(BOOTTIME);
            long utc = read(REALTIME);
            long after = read(BOOTTIME);
            if (best == null || after - before < best.uncertainty()) {
                best = new ClockSample(before + (after - before) / 2, utc, after - before);
            }
        }
        return best;
    }

    private long read(int clock) {
        try {
            int result = (int) GET_TIME.invokeExact(clock, time);
            if (result != 0) {
                throw new IllegalStateException("this kernel has no clock " + clock);
            }
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        return time.get(JAVA_LONG, 0) * SECOND + time.get(JAVA_LONG, Long.BYTES);
    }
}
