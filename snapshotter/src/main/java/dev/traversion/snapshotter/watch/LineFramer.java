/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.Change;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Cuts a stream of bytes into lines: a watch is one JSON event a line. A line that is longer than can be recorded is skipped to its
 * end, without being held. For one thread.
 */
public final class LineFramer {

    /** A body of the greatest size, and what stands around it in an event. */
    static final int LONGEST_LINE = Change.LARGEST_BODY + 1_000;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final int KEPT_BYTES = 1 << 20;
    private static final int FIRST_BYTES = 16 << 10;

    private final int longest;
    private final Lines lines;
    private byte[] pending = new byte[FIRST_BYTES];
    private int length;

    /** Bytes of the present line that were let go of; 0 if it is held whole. */
    private long skipped;

    /** Receives lines. */
    public interface Lines {

        /** The bytes of a line, valid during the call. */
        void accept(byte[] bytes, int offset, int length) throws Exception;

        /** A line that was too long, and was skipped. */
        default void tooLong(long length) throws Exception {
            throw new IOException("a line of " + length + " bytes");
        }
    }

    public LineFramer(Lines lines) {
        this(lines, LONGEST_LINE);
    }

    LineFramer(Lines lines, int longest) {
        this.lines = lines;
        this.longest = longest;
    }

    public void accept(ByteBuffer bytes) throws Exception {
        if (bytes.hasArray()) {
            accept(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        } else {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            accept(copy, 0, copy.length);
        }
    }

    /** Takes what came. Lines that lie in it whole are handed on where they are. */
    private void accept(byte[] bytes, int offset, int count) throws Exception {
        int end = offset + count;
        int start = offset;
        for (int newline = newline(bytes, start, end); newline >= 0; newline = newline(bytes, start, end)) {
            endLine(bytes, start, newline);
            start = newline + 1;
        }
        keep(bytes, start, end - start);
    }

    private void endLine(byte[] bytes, int start, int end) throws Exception {
        if (skipped > 0) {
            long all = skipped + end - start;
            skipped = 0;
            lines.tooLong(all);
        } else if (length == 0) {
            if (end - start > longest) {
                lines.tooLong(end - start);
            } else if (end > start) {
                lines.accept(bytes, start, end - start);
            }
        } else {
            keep(bytes, start, end - start);
            if (skipped > 0) {
                endLine(bytes, end, end);
                return;
            }
            int all = length;
            length = 0;
            lines.accept(pending, 0, all);
            if (pending.length > KEPT_BYTES) {
                pending = new byte[FIRST_BYTES];
            }
        }
    }

    /** Holds a piece of a line whose end has not come. */
    private void keep(byte[] bytes, int offset, int count) {
        if (skipped > 0 || length + count > longest) {
            skipped += length + (long) count;
            length = 0;
            pending = pending.length > KEPT_BYTES ? new byte[FIRST_BYTES] : pending;
            return;
        }
        if (pending.length - length < count) {
            pending = Arrays.copyOf(pending, Math.min(longest, Math.max(length + count, pending.length * 2)));
        }
        System.arraycopy(bytes, offset, pending, length, count);
        length += count;
    }

    /** Where the next line ends; negative if it does not. */
    private static int newline(byte[] bytes, int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            long differences = (long) LONGS.get(bytes, at) ^ '\n' * ONES;
            long found = (differences - ONES) & ~differences & HIGH;
            if (found != 0) {
                return at + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }
}
