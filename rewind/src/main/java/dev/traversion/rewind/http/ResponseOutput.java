/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Response;

/**
 * The body of a response, handed to the connection a buffer at a time; a write blocks while the client does not read. A body that
 * fits the buffer leaves with a Content-Length. Not synchronized: one thread writes.
 */
final class ResponseOutput extends OutputStream {

    private static final int SIZE = 128 * 1024;

    private final Response response;
    private byte[] buffer = new byte[8 * 1024];
    private int length;
    private boolean closed;

    ResponseOutput(Response response) {
        this.response = response;
    }

    @Override
    public void write(int b) throws IOException {
        if (length == buffer.length) {
            makeRoom(1);
        }
        buffer[length++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        int from = offset;
        int left = count;
        while (left > 0) {
            if (length == buffer.length) {
                makeRoom(left);
            }
            int part = Math.min(left, buffer.length - length);
            System.arraycopy(bytes, from, buffer, length, part);
            length += part;
            from += part;
            left -= part;
        }
    }

    private void makeRoom(int wanted) throws IOException {
        if (buffer.length < SIZE) {
            byte[] larger = new byte[Math.min(SIZE, Math.max(buffer.length * 2, length + wanted))];
            System.arraycopy(buffer, 0, larger, 0, length);
            buffer = larger;
        } else {
            send(false);
        }
    }

    private void send(boolean last) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
        length = 0;
        Content.Sink.write(response, last, bytes);
    }

    /** Sends what is there, so that the client sees it now. */
    @Override
    public void flush() throws IOException {
        if (length > 0 || !response.isCommitted()) {
            send(false);
        }
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            send(true);
        }
    }
}
