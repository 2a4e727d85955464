/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * One file's content. Remembers whether reading it failed: parsers wrap such a failure, and it must be told from a file whose content
 * is wrong. Closing it does not close what it reads from.
 */
final class Content extends FilterInputStream {

    private IOException failure;

    Content(InputStream in) {
        super(in);
    }

    /** Throws again what reading failed with. */
    void check() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public void close() {
        // The archive goes on behind this file.
    }
}
