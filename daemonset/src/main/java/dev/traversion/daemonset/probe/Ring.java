/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A BPF ring buffer, read in place: the kernel's memory is mapped, no event is copied, and nothing is allocated. Its data is mapped twice
 * in a row, so that no record wraps. For one thread.
 */
final class Ring implements AutoCloseable {

    private static final VarHandle POSITION = JAVA_LONG.varHandle();
    private static final VarHandle LENGTH = JAVA_INT.varHandle();
    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final int HEADER = 8;

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int SHARED = 1;
    private static final long PAGE = 4096;

    private final Libbpf libbpf;
    private final MemorySegment consumed;
    private final MemorySegment produced;
    private final MemorySegment data;
    private final long mask;

    Ring(Libbpf libbpf, int fd, long bytes) {
        this.libbpf = libbpf;
        mask = bytes - 1;
        consumed = libbpf.mapMemory
                .callPointer(MemorySegment.NULL, PAGE, READ | WRITE, SHARED, fd, 0L)
                .reinterpret(PAGE);
        try {
            produced = libbpf.mapMemory
                    .callPointer(MemorySegment.NULL, PAGE + 2 * bytes, READ, SHARED, fd, PAGE)
                    .reinterpret(PAGE + 2 * bytes);
        } catch (NativeException e) {
            libbpf.unmapMemory.call(consumed, PAGE);
            throw e;
        }
        data = produced.asSlice(PAGE);
    }

    /** Hands over what is there, up to so many events, and gives their number. */
    int drain(EventConsumer consumer, int most) {
        long position = (long) POSITION.get(consumed, 0L);
        long end = (long) POSITION.getAcquire(produced, 0L);
        int events = 0;
        while (position < end && events < most) {
            long offset = position & mask;
            int header = (int) LENGTH.getAcquire(data, offset);
            if ((header & BUSY) != 0) {
                break;
            }
            int length = header & ~(BUSY | DISCARDED);
            if ((header & DISCARDED) == 0) {
                consumer.event(data, offset + HEADER, length);
                events++;
            }
            position += (length + HEADER + 7) & ~7;
            // At once, so that the kernel can use the space while more is read.
            POSITION.setRelease(consumed, 0L, position);
        }
        return events;
    }

    @Override
    public void close() {
        libbpf.unmapMemory.call(produced, produced.byteSize());
        libbpf.unmapMemory.call(consumed, PAGE);
    }
}
