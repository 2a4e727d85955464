/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.zip.CRC32;

/** Checks and decompresses pages. Each needs a native context, so those are shared. */
final class PageInflater {

    /** As many as there were pages being decompressed at once. */
    private static final ConcurrentLinkedDeque<PageInflater> IDLE = new ConcurrentLinkedDeque<>();

    private static final byte[] EMPTY = {};

    /** A block of zstd has up to 128 KiB, and takes four bytes at least. */
    private static final int MOST_TIMES = 1 << 15;

    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private final CRC32 crc = new CRC32();
    private byte[] compressed = new byte[64 * 1024];

    private PageInflater() {}

    /**
     * The bytes of a page.
     *
     * @param buffer to be used if it is large enough; else, or if null, a fresh array is
     */
    static byte[] inflate(
            String file, MemorySegment data, long offset, int bytes, int rawBytes, int expectedCrc, byte[] buffer) {
        PageInflater inflater = IDLE.pollFirst();
        if (inflater == null) {
            inflater = new PageInflater();
        }
        try {
            return inflater.read(file, data, offset, bytes, rawBytes, expectedCrc, buffer);
        } finally {
            IDLE.addFirst(inflater);
        }
    }

    private byte[] read(
            String file, MemorySegment data, long offset, int bytes, int rawBytes, int expectedCrc, byte[] buffer) {
        if (compressed.length < bytes) {
            compressed = new byte[Math.max(bytes, compressed.length * 2)];
        }
        try {
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, offset, compressed, 0, bytes);
        } catch (InternalError e) {
            // how the JVM reports that a mapped file was cut short, or that its disk fails
            throw Damage.in(file, offset, "it cannot be read");
        }
        crc.reset();
        crc.update(compressed, 0, bytes);
        if ((int) crc.getValue() != expectedCrc) {
            throw Damage.in(file, offset, "the page's checksum is wrong");
        }
        if (Zstd.getFrameContentSize(compressed, 0, bytes) != rawBytes || rawBytes > MOST_TIMES * (long) bytes) {
            throw Damage.in(file, offset, "the page has another size than its header says");
        }
        if (rawBytes == 0) {
            return EMPTY;
        }
        byte[] target = buffer != null && buffer.length >= rawBytes ? buffer : new byte[rawBytes];
        try {
            if (zstd.decompressByteArray(target, 0, rawBytes, compressed, 0, bytes) == rawBytes) {
                return target;
            }
        } catch (ZstdException e) {
            throw Damage.in(file, offset, "the page cannot be decompressed (" + e.getMessage() + ")");
        }
        throw Damage.in(file, offset, "the page ends too early");
    }
}
