/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Knows whether what was read ends in the block of zeros that ends a tar archive: one that is cut short between two files has none. */
final class ZeroTail extends FilterInputStream {

    private static final int BLOCK = 512;

    private long zeros;

    ZeroTail(InputStream in) {
        super(in);
    }

    boolean endsInZeros() {
        return zeros >= BLOCK;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        int zerosHere = 0;
        while (zerosHere < count && bytes[offset + count - 1 - zerosHere] == 0) {
            zerosHere++;
        }
        if (count > 0) {
            zeros = zerosHere == count ? zeros + count : zerosHere;
        }
        return count;
    }

    /** Read, not skipped, so that nothing is missed. */
    @Override
    public long skip(long count) throws IOException {
        byte[] passed = new byte[(int) Math.min(count, 1 << 16)];
        return Math.max(0, read(passed, 0, passed.length));
    }
}
