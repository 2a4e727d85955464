/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * A socket that asks the kernel for all there is. The JDK's TLS asks for the header of a record and then for its content, and events of
 * a watch are small: that would be two calls of the kernel for each. To be read by one thread at a time.
 */
final class ReadAheadSocket extends Socket {

    private static final int BUFFER_BYTES = 32 << 10;

    private InputStream input;

    /** The same one each time, since it holds what was read ahead. */
    @Override
    public synchronized InputStream getInputStream() throws IOException {
        if (input == null) {
            input = new ReadAhead(super.getInputStream());
        }
        return input;
    }

    private static final class ReadAhead extends FilterInputStream {

        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int from;
        private int to;

        private ReadAhead(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (from == to) {
                if (length >= buffer.length) {
                    return in.read(target, offset, length);
                }
                from = 0;
                to = 0;
                int count = in.read(buffer, 0, buffer.length);
                if (count < 0) {
                    return -1;
                }
                to = count;
            }
            int count = Math.min(length, to - from);
            System.arraycopy(buffer, from, target, offset, count);
            from += count;
            return count;
        }

        @Override
        public long skip(long count) throws IOException {
            throw new IOException("nothing is skipped on a connection");
        }

        @Override
        public int available() throws IOException {
            return to - from + in.available();
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
