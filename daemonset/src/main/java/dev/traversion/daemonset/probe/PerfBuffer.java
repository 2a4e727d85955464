/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.traversion.archive.TraversionException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Buffers of perf, one a CPU, for what a program cannot write to a {@link Ring}: a packet's bytes. There are few, so libbpf reads them and
 * calls back. For one thread.
 */
final class PerfBuffer implements AutoCloseable {

    /** Of each CPU: less than what anybody may lock in memory. */
    private static final long PAGES = 16;

    private final Libbpf libbpf;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer;
    private EventConsumer consumer = (_, _, _) -> {};
    private RuntimeException failure;

    /** perf_buffer_sample_fn. */
    private interface Callback {
        @SuppressWarnings("UnusedMethod") // found by its name
        void sample(MemorySegment context, int cpu, MemorySegment data, int length);
    }

    /** @throws TraversionException if the kernel does not permit it */
    PerfBuffer(Libbpf libbpf, int fd) {
        this.libbpf = libbpf;
        try {
            Callback callback = (_, _, data, length) -> event(data, length);
            MethodType type =
                    MethodType.methodType(void.class, MemorySegment.class, int.class, MemorySegment.class, int.class);
            MethodHandle handle = MethodHandles.lookup()
                    .findVirtual(Callback.class, "sample", type)
                    .bindTo(callback);
            // Without another one for what was lost: the program counts that.
            buffer = libbpf.newPerfBuffer.callPointer(
                    fd,
                    PAGES,
                    Linker.nativeLinker()
                            .upcallStub(handle, FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, ADDRESS, JAVA_INT), arena),
                    MemorySegment.NULL,
                    MemorySegment.NULL,
                    MemorySegment.NULL);
        } catch (NativeException e) {
            arena.close();
            throw new TraversionException("Buffers for what TCP carries cannot be had: " + e.getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    void drain(EventConsumer to) {
        consumer = to;
        failure = null;
        libbpf.consumePerfBuffer.call(buffer);
        if (failure != null) {
            throw failure;
        }
    }

    /** What is thrown through C ends the process without a word. */
    private void event(MemorySegment data, int length) {
        try {
            consumer.event(data.reinterpret(length), 0, length);
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    @Override
    public void close() {
        libbpf.freePerfBuffer.call(buffer);
        arena.close();
    }
}
