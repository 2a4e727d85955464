/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/** A Parquet file in which one page says something else, under a checksum that is right. */
public final class ForgedPage {

    private static final int TAIL = 8;

    private ForgedPage() {}

    /**
     * @param column one with zstd pages
     * @param readable whether a forged file is read: a byte that turned may also be one that says how long something is
     */
    public static byte[] of(byte[] file, String column, Predicate<byte[]> readable) {
        try {
            for (RowGroup group : footer(file).getRow_groups()) {
                for (int i = 0; i < group.getColumnsSize(); i++) {
                    ColumnMetaData chunk = group.getColumns().get(i).getMeta_data();
                    if (chunk.getPath_in_schema().getFirst().equals(column)) {
                        return forge(file, (int) chunk.getData_page_offset(), readable);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalArgumentException("no column " + column);
    }

    private static FileMetaData footer(byte[] file) throws IOException {
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - TAIL);
        int start = file.length - TAIL - length;
        return Util.readFileMetaData(new ByteArrayInputStream(file, start, length));
    }

    private static byte[] forge(byte[] file, int offset, Predicate<byte[]> readable) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(file, offset, file.length - offset);
        PageHeader header = Util.readPageHeader(in);
        int data = file.length - in.available();
        int end = data + header.getCompressed_page_size();
        byte[] honest = varint(header.getCrc());
        byte[] plain = decompressed(file, data, end, header.getUncompressed_page_size());
        for (int at = end - 1; at > data; at--) {
            byte[] forged = file.clone();
            forged[at] ^= 1;
            CRC32 crc = new CRC32();
            crc.update(forged, data, end - data);
            byte[] checksum = varint((int) crc.getValue());
            byte[] read = decompressed(forged, data, end, plain.length);
            if (read.length == plain.length && !Arrays.equals(read, plain) && checksum.length == honest.length) {
                System.arraycopy(checksum, 0, forged, indexOf(file, honest, offset), checksum.length);
                if (readable.test(forged)) {
                    return forged;
                }
            }
        }
        throw new IllegalStateException("no byte of the page can turn without being noticed");
    }

    /** Nothing if it cannot be decompressed. */
    private static byte[] decompressed(byte[] file, int from, int to, int length) {
        try {
            byte[] plain = new byte[length];
            long count = Zstd.decompressByteArray(plain, 0, length, file, from, to - from);
            return count == length ? plain : new byte[0];
        } catch (ZstdException e) {
            return new byte[0];
        }
    }

    /** As the header's compact encoding has a 32-bit number. */
    private static byte[] varint(int value) {
        ByteBuffer bytes = ByteBuffer.allocate(5);
        int rest = (value << 1) ^ (value >> 31);
        while ((rest & ~0x7F) != 0) {
            bytes.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static int indexOf(byte[] file, byte[] wanted, int from) {
        int at = from;
        while (!Arrays.equals(file, at, at + wanted.length, wanted, 0, wanted.length)) {
            at++;
        }
        return at;
    }
}
