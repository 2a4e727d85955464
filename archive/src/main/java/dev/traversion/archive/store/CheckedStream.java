/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Fails at its end if the bytes are not those whose hash is known: who reads only a part of them learns nothing. */
final class CheckedStream extends FilterInputStream {

    private final String sha256;
    private final String name;
    private final MessageDigest digest;
    private long bytes;
    private boolean ended;

    /** @param sha256 in hex */
    CheckedStream(InputStream in, String sha256, String name) {
        super(in);
        this.sha256 = sha256;
        this.name = name;
        this.digest = sha256();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        if (count > 0) {
            digest.update(target, offset, count);
            bytes += count;
        } else if (count < 0 && !ended) {
            ended = true;
            check();
        }
        return count;
    }

    private void check() throws IOException {
        if (!HexFormat.of().formatHex(digest.digest()).equals(sha256)) {
            throw new IOException(
                    name + " came damaged: its " + bytes
                            + " bytes are not those that were written. If it stays so, restore it from a copy of the recording.");
        }
    }

    /** Nothing is skipped unread. */
    @Override
    public long skip(long count) throws IOException {
        byte[] skipped = new byte[(int) Math.min(count, 8 << 10)];
        return Math.max(0, read(skipped, 0, skipped.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
