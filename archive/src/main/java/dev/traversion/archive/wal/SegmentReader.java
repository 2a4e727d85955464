/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one segment, block by block, also while it grows. Bytes that are not a whole block at the end of a segment without end
 * mark are torn: they are left alone, since they may become whole. Anything else that does not check is damage. For one thread.
 */
final class SegmentReader {

    /** The bytes of a segment, whatever holds them. */
    interface Bytes {
        long size() throws IOException;

        /** Exactly that many bytes. */
        ByteBuffer read(long offset, int length) throws IOException;
    }

    /** What a segment holds, in order. */
    interface Records {
        void change(TailEntry entry);

        void mark(CoverageMark mark);
    }

    private final String path;
    private final Bytes file;
    private final List<String> strings = new ArrayList<>();
    private final List<ObjectKey> keys = new ArrayList<>();
    private final List<TailEntry> newest = new ArrayList<>();
    private long position;
    private long lastTime;
    private boolean ended;
    private boolean fence;

    SegmentReader(String path, Bytes file) {
        this.path = path;
        this.file = file;
    }

    /** Whether its end mark was read: it will not grow. */
    boolean ended() {
        return ended;
    }

    /** Whether it is a {@linkplain WalFence fence}. */
    boolean isFence() {
        return fence;
    }

    /** How many bytes were read and found whole. */
    long position() {
        return position;
    }

    /** Reads the blocks that are there beyond those read before. */
    void poll(Records records) throws IOException {
        if (position == 0 && !readFileHeader()) {
            return;
        }
        boolean more = !ended;
        while (more) {
            more = readBlock(records);
        }
    }

    private boolean readFileHeader() throws IOException {
        if (file.size() < SegmentFormat.FILE_HEADER) {
            return false;
        }
        ByteBuffer header = file.read(0, SegmentFormat.FILE_HEADER);
        if (isZero(header)) {
            // The file has its length but not its bytes yet; nothing is recorded before they are on the disk.
            return false;
        }
        if (header.getInt() != SegmentFormat.MAGIC) {
            throw damaged(0, "does not begin like a WAL segment");
        }
        int major = header.getShort();
        int minor = header.getShort();
        if (major > SegmentFormat.MAJOR) {
            throw new TraversionException(path + " was written by a newer Traversion (WAL format " + major + "." + minor
                    + ", this one reads up to " + SegmentFormat.MAJOR + ".x). Update kubectl-traversion to read it.");
        }
        int length = header.getInt();
        if (length < 0 || length > SegmentFormat.LARGEST_HEADER) {
            throw damaged(8, "has an impossible header length");
        }
        int checked = SegmentFormat.FILE_HEADER + length;
        if (file.size() < checked + Integer.BYTES) {
            return torn(file.size(), "header");
        }
        ByteBuffer whole = file.read(0, checked + Integer.BYTES);
        if (SegmentFormat.crc(whole.slice(0, checked)) != whole.getInt(checked)) {
            throw damaged(0, "has a damaged header");
        }
        fence = SegmentFormat.isFence(whole.slice(SegmentFormat.FILE_HEADER, length));
        position = (long) checked + Integer.BYTES;
        return true;
    }

    private static boolean isZero(ByteBuffer bytes) {
        return bytes.duplicate().mismatch(ByteBuffer.allocate(bytes.remaining())) < 0;
    }

    private boolean readBlock(Records records) throws IOException {
        long size = file.size();
        if (size - position < SegmentFormat.BLOCK_HEADER) {
            return false;
        }
        ByteBuffer header = file.read(position, SegmentFormat.BLOCK_HEADER);
        int stored = header.getInt(4);
        int length = header.getInt(8);
        int count = header.getInt(12);
        if (header.getInt(0) != SegmentFormat.BLOCK_MAGIC
                || header.getInt(16) != SegmentFormat.crc(header.slice(0, 16))
                || stored < 0
                || length < 0
                || length > SegmentFormat.LARGEST_BLOCK) {
            return torn(size, "block header");
        }
        if (count == 0) {
            if (size != position + SegmentFormat.BLOCK_HEADER) {
                throw damaged(position, "goes on after its end mark");
            }
            position = size;
            ended = true;
            strings.clear();
            keys.clear();
            newest.clear();
            return false;
        }
        long end = position + SegmentFormat.BLOCK_HEADER + stored;
        if (end > size) {
            return false;
        }
        ByteBuffer payload = file.read(position + SegmentFormat.BLOCK_HEADER, stored);
        if (SegmentFormat.crc(payload) != header.getInt(20)) {
            return torn(size, "block");
        }
        try {
            decode(decompress(payload, length), count, records);
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw damaged(position, "has a block that makes no sense (" + e + ")");
        }
        position = end;
        return true;
    }

    /** A block that is not whole is torn if nothing whole follows it, else damaged. */
    private boolean torn(long size, String what) throws IOException {
        for (long at = position + 1; at + SegmentFormat.BLOCK_HEADER <= size; at++) {
            int window = (int) Math.min(size - at, 1 << 20);
            ByteBuffer bytes = file.read(at, window);
            for (int i = 0; i + SegmentFormat.BLOCK_HEADER <= window; i++) {
                if (bytes.getInt(i) == SegmentFormat.BLOCK_MAGIC
                        && bytes.getInt(i + 16) == SegmentFormat.crc(bytes.slice(i, 16))) {
                    throw damaged(position, "has a damaged " + what);
                }
            }
            at += window - SegmentFormat.BLOCK_HEADER;
        }
        return false;
    }

    private ByteBuffer decompress(ByteBuffer payload, int length) {
        ByteBuffer source =
                ByteBuffer.allocateDirect(payload.remaining()).put(payload).flip();
        if (Zstd.getDirectByteBufferFrameContentSize(source, 0, source.remaining()) != length) {
            throw damaged(position, "has a block of another length than it says");
        }
        ByteBuffer target = ByteBuffer.allocateDirect(length);
        try {
            if (Zstd.decompress(target, source) != length) {
                throw damaged(position, "has a block of another length than it says");
            }
        } catch (ZstdException e) {
            throw damaged(position, "has a block that cannot be decompressed (" + e.getMessage() + ")");
        }
        return target.flip();
    }

    private void decode(ByteBuffer block, int count, Records records) {
        ByteSource source = new ByteSource(block);
        for (int i = 0; i < count; i++) {
            int tag = source.readByte();
            if (tag == SegmentFormat.CHANGE) {
                records.change(readChange(source, block));
            } else if (tag == SegmentFormat.MARK) {
                records.mark(readMark(source));
            } else {
                throw damaged(position, "has a record of unknown kind " + tag);
            }
        }
    }

    private TailEntry readChange(ByteSource source, ByteBuffer block) {
        int key = readKey(source);
        String kind = readString(source);
        String uid = readString(source);
        String resourceVersion = source.readString();
        long observedAt = readTime(source);
        Operation operation = SegmentFormat.operation(source.readByte());
        boolean delta = source.readByte() == SegmentFormat.DELTA;
        int length = source.readVarint();
        int offset = source.position();
        source.skip(length);
        if (delta && newest.get(key) == null) {
            throw new IllegalArgumentException("a delta against nothing");
        }
        TailEntry entry = new TailEntry(
                keys.get(key),
                kind,
                uid,
                resourceVersion,
                observedAt,
                operation,
                delta ? newest.get(key) : null,
                block,
                offset,
                length);
        newest.set(key, entry);
        return entry;
    }

    private CoverageMark readMark(ByteSource source) {
        ResourceType type = new ResourceType(readString(source), readString(source));
        CoverageMark.Kind kind = SegmentFormat.markKind(source.readByte());
        long at = readTime(source);
        return new CoverageMark(type, kind, at, source.readString(), readString(source));
    }

    private int readKey(ByteSource source) {
        int reference = source.readVarint();
        if (reference > 0) {
            return reference - 1;
        }
        ResourceType type = new ResourceType(readString(source), readString(source));
        keys.add(new ObjectKey(type, readString(source), source.readString()));
        newest.add(null);
        return keys.size() - 1;
    }

    private String readString(ByteSource source) {
        int reference = source.readVarint();
        if (reference > 0) {
            return strings.get(reference - 1);
        }
        String value = source.readString();
        strings.add(value);
        return value;
    }

    private long readTime(ByteSource source) {
        lastTime += source.readSigned();
        return lastTime;
    }

    private TraversionException damaged(long offset, String what) {
        return new TraversionException(path + " " + what + " at byte " + offset
                + ": the file is damaged. What was recorded before it is intact; restore the file from a backup.");
    }
}
