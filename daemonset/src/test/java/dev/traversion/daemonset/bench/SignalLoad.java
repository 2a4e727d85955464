/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;

/** Sends signals to itself, so many a second: each is an event. Arguments: signals a second, seconds. */
public final class SignalLoad {

    private static final int SIGXCPU = 24;
    private static final long PAUSE_NANOS = 1_000_000;

    private final MethodHandle raise;

    SignalLoad() {
        Linker linker = Linker.nativeLinker();
        MethodHandle signal = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("signal"), FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
        raise = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("raise"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
        try {
            // Whatever takes a number and has no effect can handle a signal.
            MemorySegment before = (MemorySegment)
                    signal.invokeExact(SIGXCPU, linker.defaultLookup().findOrThrow("abs"));
            if (before.address() == -1) {
                throw new IllegalStateException("the signal cannot be handled");
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void send(long signals) {
        try {
            for (long i = 0; i < signals; i++) {
                int result = (int) raise.invokeExact(SIGXCPU);
                if (result != 0) {
                    throw new IllegalStateException("no signal can be sent");
                }
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] arguments) {
        SignalLoad load = new SignalLoad();
        long perSecond = Long.parseLong(arguments[0]);
        long nanos = Long.parseLong(arguments[1]) * 1_000_000_000L;
        long began = System.nanoTime();
        long sent = 0;
        for (long passed = 0; passed < nanos; passed = System.nanoTime() - began) {
            long due = (long) (passed / 1e9 * perSecond) - sent;
            load.send(due);
            sent += due;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
