/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Cuts a stream of bytes into lines: a watch is one JSON event a line. For one thread. */
public final class LineFramer {

    private static final int KEPT_BYTES = 1 << 20;

    private final Lines lines;
    private byte[] pending = new byte[16 << 10];
    private int length;

    /** Receives the bytes of a line, valid during the call. */
    @FunctionalInterface
    public interface Lines {
        void accept(byte[] bytes, int offset, int length) throws Exception;
    }

    public LineFramer(Lines lines) {
        this.lines = lines;
    }

    public void accept(ByteBuffer bytes) throws Exception {
        int from = length;
        append(bytes);
        int start = 0;
        for (int at = from; at < length; at++) {
            if (pending[at] == '\n') {
                if (at > start) {
                    lines.accept(pending, start, at - start);
                }
                start = at + 1;
            }
        }
        System.arraycopy(pending, start, pending, 0, length - start);
        length -= start;
        if (length == 0 && pending.length > KEPT_BYTES) {
            pending = new byte[16 << 10];
        }
    }

    private void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (pending.length - length < count) {
            pending = Arrays.copyOf(pending, Math.max(length + count, pending.length * 2));
        }
        bytes.get(pending, length, count);
        length += count;
    }
}
