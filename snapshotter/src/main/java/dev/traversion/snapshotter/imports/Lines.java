/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The lines of a file, which may be a small one that unpacks to a line without end: too long ones are passed over. */
final class Lines {

    static final int LONGEST = 64 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private byte[] line = new byte[1 << 14];
    private int length;
    private boolean isTooLong;

    Lines(InputStream in) {
        this.in = in;
    }

    /** The next line without its end; empty if it {@linkplain #isTooLong() is too long}; null after the last. */
    byte[] next() throws IOException {
        length = 0;
        isTooLong = false;
        boolean found = false;
        while (fill()) {
            found = true;
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            add(end);
            from = end;
            if (end < to) {
                from++;
                break;
            }
        }
        return found ? Arrays.copyOf(line, isTooLong ? 0 : length) : null;
    }

    boolean isTooLong() {
        return isTooLong;
    }

    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(in.read(buffer), 0);
        }
        return from < to;
    }

    private void add(int end) {
        int count = end - from;
        isTooLong |= count > LONGEST - length;
        if (isTooLong) {
            return;
        }
        if (line.length - length < count) {
            line = Arrays.copyOf(line, Math.max(length + count, line.length * 2));
        }
        System.arraycopy(buffer, from, line, length, count);
        length += count;
    }
}
