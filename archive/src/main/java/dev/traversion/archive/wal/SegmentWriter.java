/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.encoding.ByteSink;
import dev.traversion.archive.store.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes one segment: records are collected into a block, and {@link #sync()} puts the block on the disk. For one thread. What failed
 * with an {@link IOException} can be called again: what was synced before stays readable, and nothing collected is lost.
 */
final class SegmentWriter implements AutoCloseable {

    private static final int ZSTD_LEVEL = 3;
    private static final int MOST_DELTAS = 32;
    private static final int BLOCK_BYTES = 4 << 20;

    private static final long FULL_BYTES = 64L << 20;
    private static final long FULL_HELD_BYTES = 192L << 20;
    private static final int FULL_KEYS = 64 << 10;

    private final Path path;
    private final FileChannel channel;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final Delta delta = new Delta();
    private final PreviousBodies bodies = new PreviousBodies();
    private final Map<String, Integer> strings = new HashMap<>();
    private final Map<ObjectKey, Integer> keys = new HashMap<>();
    private final ByteSink block = new ByteSink(1 << 16);
    private final ByteSink operations = new ByteSink(1 << 12);
    private byte[] compressed = new byte[1 << 16];
    private int records;
    private long lastTime;
    private long bytes;

    /** Bytes that are on the disk for certain. */
    private long synced;

    /** Creates the file, which must not exist, and makes its name durable. */
    SegmentWriter(Path directory, SegmentName name) throws IOException {
        this.path = directory.resolve(name.fileName());
        this.channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        zstd.setLevel(ZSTD_LEVEL);
        try {
            writeFully(ByteBuffer.wrap(SegmentFormat.fileHeader(name)));
            channel.force(true);
            Folders.sync(directory);
        } catch (IOException e) {
            abandon();
            Files.deleteIfExists(path);
            throw e;
        }
        synced = bytes;
    }

    Path path() {
        return path;
    }

    /** Bytes in the file. */
    long bytes() {
        return bytes;
    }

    /** Whether it should be ended: what it knows of keys and bodies has become large, or it has. */
    boolean isFull() {
        return bytes > FULL_BYTES || bodies.bytes() > FULL_HELD_BYTES || keys.size() > FULL_KEYS;
    }

    /** Bytes collected for the next block. */
    int pendingBytes() {
        return block.length();
    }

    /** Whether the current block should be synced before more is added. */
    boolean isBlockFull() {
        return block.length() >= BLOCK_BYTES;
    }

    void add(Change change) {
        block.writeByte(SegmentFormat.CHANGE);
        int key = writeKey(change.key());
        writeString(change.kind());
        writeString(change.uid());
        block.writeString(change.resourceVersion());
        writeTime(change.observedAt());
        block.writeByte(SegmentFormat.code(change.operation()));
        writeBody(key, change.body());
        records++;
    }

    void add(CoverageMark mark) {
        block.writeByte(SegmentFormat.MARK);
        writeString(mark.type().group());
        writeString(mark.type().resource());
        block.writeByte(SegmentFormat.code(mark.kind()));
        writeTime(mark.at());
        block.writeString(mark.resourceVersion());
        writeString(mark.reason());
        records++;
    }

    /** Writes the collected records as a block and waits until the disk has them. */
    void sync() throws IOException {
        if (records == 0) {
            return;
        }
        int bound = (int) com.github.luben.zstd.Zstd.compressBound(block.length());
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        int stored = zstd.compressByteArray(compressed, 0, compressed.length, block.array(), 0, block.length());
        ByteBuffer payload = ByteBuffer.wrap(compressed, 0, stored);
        cutOffTorn();
        writeFully(SegmentFormat.blockHeader(stored, block.length(), records, SegmentFormat.crc(payload)));
        writeFully(payload);
        channel.force(false);
        synced = bytes;
        block.clear();
        records = 0;
    }

    /** Removes what a write that failed has left. */
    private void cutOffTorn() throws IOException {
        if (bytes != synced) {
            channel.truncate(synced);
            channel.position(synced);
            bytes = synced;
        }
    }

    /** Syncs what is left and marks the segment as complete. */
    void complete() throws IOException {
        sync();
        cutOffTorn();
        writeFully(SegmentFormat.blockHeader(0, 0, 0, 0));
        channel.force(true);
        synced = bytes;
    }

    /** Completes it, and lets go of the file and the memory. */
    @Override
    public void close() throws IOException {
        try {
            complete();
        } finally {
            abandon();
        }
    }

    /** Lets go of the file and the memory without another write. */
    void abandon() throws IOException {
        zstd.close();
        bodies.close();
        channel.close();
    }

    /** Ends a segment that a crash left open after its last whole block: cuts off what is torn and marks it as complete. */
    static void complete(Path segment, long validBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(validBytes);
            channel.position(validBytes);
            channel.write(SegmentFormat.blockHeader(0, 0, 0, 0));
            channel.force(true);
        }
    }

    private int writeKey(ObjectKey key) {
        Integer known = keys.get(key);
        if (known != null) {
            block.writeVarint(known + 1L);
            return known;
        }
        int id = keys.size();
        keys.put(key, id);
        block.writeVarint(0);
        writeString(key.type().group());
        writeString(key.type().resource());
        writeString(key.namespace());
        block.writeString(key.name());
        return id;
    }

    private void writeString(String value) {
        Integer known = strings.get(value);
        if (known != null) {
            block.writeVarint(known + 1L);
            return;
        }
        strings.put(value, strings.size());
        block.writeVarint(0);
        block.writeString(value);
    }

    private void writeTime(long time) {
        block.writeSigned(time - lastTime);
        lastTime = time;
    }

    private void writeBody(int key, byte[] body) {
        int deltas = bodies.deltas(key);
        if (deltas >= 0 && deltas < MOST_DELTAS && body.length > 0) {
            operations.clear();
            delta.encode(bodies.body(key), bodies.length(key), body, operations);
            if (operations.length() < body.length / 2) {
                block.writeByte(SegmentFormat.DELTA);
                block.writeVarint(operations.length());
                block.write(operations.array(), 0, operations.length());
                bodies.put(key, body, deltas + 1);
                return;
            }
        }
        block.writeByte(SegmentFormat.WHOLE);
        block.writeVarint(body.length);
        block.write(body, 0, body.length);
        bodies.put(key, body, 0);
    }

    private void writeFully(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            bytes += channel.write(buffer);
        }
    }
}
