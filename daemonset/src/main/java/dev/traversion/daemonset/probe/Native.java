/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.traversion.archive.TraversionException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** A function of C that says what went wrong in {@code errno}. For any threads. */
final class Native {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final int MESSAGE_BYTES = 256;

    private final MethodHandle handle;

    private Native(MethodHandle handle) {
        this.handle = handle;
    }

    /** Of what is always there. */
    static Native ofC(String name, FunctionDescriptor type) {
        return of(LINKER.defaultLookup(), name, type);
    }

    /** @throws TraversionException if the library is too old to have it */
    static Native of(SymbolLookup library, String name, FunctionDescriptor type) {
        MemorySegment symbol = library.find(name)
                .orElseThrow(() -> new TraversionException(
                        "The libbpf of this machine is too old: it has no " + name + ". Install libbpf 1.0 or newer."));
        return new Native(LINKER.downcallHandle(symbol, type, Linker.Option.captureCallState("errno")));
    }

    /** Whatever it returns. */
    void call(Object... arguments) {
        invoke(arguments);
    }

    int callInt(Object... arguments) {
        return (int) invoke(arguments).value();
    }

    /**
     * Of a function that returns -1 if it fails.
     *
     * @throws NativeException then
     */
    long callLong(Object... arguments) {
        Result result = invoke(arguments);
        long value = (long) result.value();
        if (value == -1) {
            throw new NativeException(result.errno());
        }
        return value;
    }

    /**
     * Of a function that returns a negative errno if it fails, as those of libbpf do.
     *
     * @throws NativeException then
     */
    int callChecked(Object... arguments) {
        int value = callInt(arguments);
        if (value < 0) {
            throw new NativeException(-value);
        }
        return value;
    }

    /**
     * Of a function that returns NULL, or -1 as an address, if it fails.
     *
     * @throws NativeException then
     */
    MemorySegment callPointer(Object... arguments) {
        Result result = invoke(arguments);
        MemorySegment pointer = (MemorySegment) result.value();
        if (pointer.address() == 0 || pointer.address() == -1) {
            throw new NativeException(result.errno());
        }
        return pointer;
    }

    /** Of a function that returns NULL at the end of something. */
    MemorySegment callNullable(Object... arguments) {
        return (MemorySegment) invoke(arguments).value();
    }

    private record Result(Object value, int errno) {}

    private Result invoke(Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            Object[] all = new Object[arguments.length + 1];
            all[0] = state;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            Object value = handle.invokeWithArguments(all);
            return new Result(value, (int) ERRNO.get(state, 0L));
        } catch (Error | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** What C calls an error. */
    static String message(int errno) {
        Native describe = ofC("strerror_r", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(MESSAGE_BYTES);
            return describe.callPointer(errno, buffer, (long) MESSAGE_BYTES)
                    .reinterpret(MESSAGE_BYTES)
                    .getString(0);
        }
    }
}
