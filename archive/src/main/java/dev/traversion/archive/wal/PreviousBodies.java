/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest body of each object of a segment, off the heap: fresh arrays for them would be most of the garbage of a recorder. An
 * object keeps its slot as long as its bodies fit. Freed as a whole with the segment.
 */
final class PreviousBodies implements AutoCloseable {

    /** Chunks double from the first size to the last: a segment may be short. */
    private static final long FIRST_CHUNK_BYTES = 256L << 10;

    private static final long LAST_CHUNK_BYTES = 8L << 20;

    private record Slot(MemorySegment memory, int length, int deltas) {}

    private final Arena arena = Arena.ofShared();
    private final List<Slot> slots = new ArrayList<>();
    private MemorySegment chunk = MemorySegment.NULL;
    private long chunkUsed;
    private long bytes;
    private byte[] scratch = new byte[16 << 10];

    /** Bytes held off the heap. */
    long bytes() {
        return bytes;
    }

    /** How many deltas lead to the body of an object since it was last written whole; -1 if there is none. */
    int deltas(int object) {
        Slot slot = object < slots.size() ? slots.get(object) : null;
        return slot == null ? -1 : slot.deltas;
    }

    int length(int object) {
        return slots.get(object).length;
    }

    /** The body of an object, at the start of an array that the next call reuses. */
    byte[] body(int object) {
        Slot slot = slots.get(object);
        if (scratch.length < slot.length) {
            scratch = new byte[slot.length + (slot.length >> 2)];
        }
        MemorySegment.copy(slot.memory, ValueLayout.JAVA_BYTE, 0, scratch, 0, slot.length);
        return scratch;
    }

    void put(int object, byte[] body, int deltas) {
        while (slots.size() <= object) {
            slots.add(null);
        }
        Slot slot = slots.get(object);
        MemorySegment memory = slot != null && slot.memory.byteSize() >= body.length
                ? slot.memory
                : allocate(body.length + (body.length >> 3));
        MemorySegment.copy(body, 0, memory, ValueLayout.JAVA_BYTE, 0, body.length);
        slots.set(object, new Slot(memory, body.length, deltas));
    }

    private MemorySegment allocate(long size) {
        if (chunk.byteSize() - chunkUsed < size) {
            long chunkSize = Math.max(Math.clamp(bytes, FIRST_CHUNK_BYTES, LAST_CHUNK_BYTES), size);
            chunk = arena.allocate(chunkSize, 1);
            chunkUsed = 0;
            bytes += chunkSize;
        }
        MemorySegment memory = chunk.asSlice(chunkUsed, size);
        chunkUsed += size;
        return memory;
    }

    @Override
    public void close() {
        arena.close();
    }
}
