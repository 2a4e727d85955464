/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.traversion.archive.TraversionException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a file of landed rows, block by block, also one that still grows or whose writer was killed: bytes that are not a whole block
 * at the end of a file without end mark are torn, and left alone. Anything else that does not check is damage. For one thread.
 */
public final class LandingReader {

    private static final int LONGEST_KNOWN = 80;

    private final String path;
    private final Map<String, String> words = new HashMap<>();
    private final ByteBuffer file;
    private int position;
    private boolean headerRead;
    private boolean ended;

    /**
     * @param path the file's name, for messages
     * @param file its bytes
     */
    public LandingReader(String path, ByteBuffer file) {
        this.path = path;
        this.file = file.slice();
    }

    /** Whether its end mark was read: it is complete. */
    public boolean ended() {
        return ended;
    }

    /**
     * The next block of a table this version knows.
     *
     * @throws TraversionException if the file is damaged, or of a newer format
     */
    public Optional<LandedRows> next() {
        if (!headerRead && !readFileHeader()) {
            return Optional.empty();
        }
        while (!ended && file.limit() - position >= LandingFormat.BLOCK_HEADER) {
            int start = position;
            Optional<LandedRows> rows = readBlock();
            if (rows.isPresent()) {
                return rows;
            }
            if (position == start) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private boolean readFileHeader() {
        if (file.limit() < LandingFormat.FILE_HEADER) {
            return false;
        }
        if (isZero(LandingFormat.FILE_HEADER)) {
            // The file has its length but not its bytes: the power went before they were on the disk.
            return false;
        }
        if (file.getInt(0) != LandingFormat.MAGIC) {
            throw damaged("does not begin like a file of landed rows");
        }
        int major = file.getShort(4) & 0xFFFF;
        if (major > LandingFormat.MAJOR) {
            throw new TraversionException(path + " was written by a newer Traversion (landing format " + major + "."
                    + file.getShort(6) + ", this one reads up to " + LandingFormat.MAJOR
                    + ".x). Update kubectl-traversion to read it.");
        }
        int length = file.getInt(8);
        if (length < 0 || length > LandingFormat.LARGEST_HEADER) {
            throw damaged("has an impossible header length");
        }
        int checked = LandingFormat.FILE_HEADER + length;
        if (file.limit() < checked + Integer.BYTES) {
            return torn("header");
        }
        if (LandingFormat.crc(file.slice(0, checked)) != file.getInt(checked)) {
            throw damaged("has a damaged header");
        }
        position = checked + Integer.BYTES;
        headerRead = true;
        return true;
    }

    private boolean isZero(int bytes) {
        return file.slice(0, bytes).mismatch(ByteBuffer.allocate(bytes)) < 0;
    }

    /** Moves on only if the block is whole; gives nothing if it is torn, the end, or of a table of the future. */
    private Optional<LandedRows> readBlock() {
        int start = position;
        if (!isHeader(start)) {
            torn("block header");
            return Optional.empty();
        }
        int stored = file.getInt(start + 4);
        int length = file.getInt(start + 8);
        int rows = file.getInt(start + 12);
        int table = file.getShort(start + 16) & 0xFFFF;
        int columns = file.getShort(start + 18) & 0xFFFF;
        if (rows == 0) {
            if (file.getInt(start + LandingFormat.CHECKED_HEADER + Integer.BYTES)
                    != LandingFormat.crc(ByteBuffer.allocate(0))) {
                throw damaged("has a damaged end mark");
            }
            if (file.limit() != start + LandingFormat.BLOCK_HEADER) {
                throw damaged("goes on after its end mark");
            }
            position = file.limit();
            ended = true;
            return Optional.empty();
        }
        if (stored < 0
                || length < 0
                || length > LandingFormat.LARGEST_BLOCK
                || rows < 0
                || rows > LandingFormat.MOST_ROWS
                || columns > LandingFormat.MOST_COLUMNS) {
            throw damaged("has a block of impossible size");
        }
        long end = (long) start + LandingFormat.BLOCK_HEADER + stored;
        if (end > file.limit()) {
            torn("block");
            return Optional.empty();
        }
        ByteBuffer payload = file.slice(start + LandingFormat.BLOCK_HEADER, stored);
        if (LandingFormat.crc(payload) != file.getInt(start + LandingFormat.CHECKED_HEADER + Integer.BYTES)) {
            torn("block");
            return Optional.empty();
        }
        Optional<LandedRows> block = Optional.empty();
        Optional<LandingTable> known = LandingTable.of(table);
        if (known.isPresent()) {
            block = Optional.of(decode(known.get(), decompress(payload, length), rows, columns));
        }
        position = (int) end;
        return block;
    }

    private boolean isHeader(int at) {
        return file.getInt(at) == LandingFormat.BLOCK_MAGIC
                && LandingFormat.crc(file.slice(at, LandingFormat.CHECKED_HEADER))
                        == file.getInt(at + LandingFormat.CHECKED_HEADER);
    }

    /** A block that is not whole is torn if nothing whole follows it, else damaged. */
    private boolean torn(String what) {
        for (int at = position + 1; at + LandingFormat.BLOCK_HEADER <= file.limit(); at++) {
            if (isHeader(at)) {
                throw damaged("has a damaged " + what);
            }
        }
        return false;
    }

    private ByteBuffer decompress(ByteBuffer payload, int length) {
        byte[] source = new byte[payload.remaining()];
        payload.duplicate().get(source);
        if (Zstd.getFrameContentSize(source) != length) {
            throw damaged("has a block of another length than it says");
        }
        byte[] target = new byte[length];
        try {
            if (Zstd.decompress(target, source) != length) {
                throw damaged("has a block of another length than it says");
            }
        } catch (ZstdException e) {
            throw damaged("has a block that cannot be decompressed (" + e.getMessage() + ")");
        }
        return ByteBuffer.wrap(target);
    }

    private LandedRows decode(LandingTable table, ByteBuffer block, int rows, int columns) {
        long[][] numbers = new long[table.columns().size()][];
        String[][] texts = new String[numbers.length][];
        try {
            for (int i = 0; i < columns; i++) {
                int column = readCount(block);
                int encoding = block.get();
                int length = readCount(block);
                ByteBuffer values = block.slice(block.position(), length);
                block.position(block.position() + length);
                if (column >= numbers.length) {
                    continue;
                }
                boolean text = table.columns().get(column).isText();
                if (numbers[column] != null || text != (encoding == LandingFormat.WORDS)) {
                    throw new IllegalArgumentException("column " + column + " twice, or of another kind");
                }
                if (text) {
                    texts[column] = readWords(values, rows);
                }
                numbers[column] = readNumbers(values, encoding, rows);
                if (text) {
                    checkWords(numbers[column], texts[column].length);
                }
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw damaged("has a block that makes no sense (" + e + ")");
        }
        return new LandedRows(table, rows, numbers, texts);
    }

    private String[] readWords(ByteBuffer values, int rows) {
        int count = readCount(values);
        // each row has one, and the empty one is always there
        if (count > rows + 1 || count > values.remaining()) {
            throw new BufferUnderflowException();
        }
        String[] read = new String[count];
        for (int i = 0; i < count; i++) {
            int length = readCount(values);
            if (length > values.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] utf8 = new byte[length];
            values.get(utf8);
            read[i] = known(new String(utf8, StandardCharsets.UTF_8));
        }
        return read;
    }

    /** The same object for the same text of any block, so that rows are compared quickly. */
    private String known(String word) {
        if (word.length() > LONGEST_KNOWN) {
            return word;
        }
        String known = words.putIfAbsent(word, word);
        return known == null ? word : known;
    }

    private static long[] readNumbers(ByteBuffer values, int encoding, int rows) {
        long[] numbers = new long[rows];
        long constant = encoding == LandingFormat.CONSTANT ? readSigned(values) : 0;
        for (int i = 0; i < rows; i++) {
            numbers[i] = switch (encoding) {
                case LandingFormat.CONSTANT -> constant;
                case LandingFormat.PLAIN -> readSigned(values);
                case LandingFormat.DELTA -> (i == 0 ? 0 : numbers[i - 1]) + readSigned(values);
                case LandingFormat.WORDS -> readCount(values);
                default -> throw new IllegalArgumentException("unknown encoding " + encoding);
            };
        }
        return numbers;
    }

    private static void checkWords(long[] numbers, int count) {
        for (long number : numbers) {
            if (number >= count) {
                throw new IllegalArgumentException("a text that is not there");
            }
        }
    }

    private static int readCount(ByteBuffer source) {
        long value = readVarint(source);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new BufferUnderflowException();
        }
        return (int) value;
    }

    private static long readSigned(ByteBuffer source) {
        long raw = readVarint(source);
        return (raw >>> 1) ^ -(raw & 1);
    }

    private static long readVarint(ByteBuffer source) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = source.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new BufferUnderflowException();
    }

    private TraversionException damaged(String what) {
        return new TraversionException(path + " " + what + " at byte " + position
                + ": the file is damaged. What was landed before it is intact; restore the file from a backup.");
    }
}
