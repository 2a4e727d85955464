/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.traversion.archive.encoding.ByteSink;
import dev.traversion.archive.store.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes one file of landed rows. What {@link #append} has written outlives the process, and after {@link #sync()} the machine too. A
 * failed append leaves no trace in the file: it can be called again. For one thread.
 */
public final class LandingWriter implements AutoCloseable {

    private static final int ZSTD_LEVEL = 3;

    private final FileChannel channel;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final ByteSink block = new ByteSink(1 << 16);
    private final ByteSink scratch = new ByteSink(1 << 14);
    private byte[] compressed = new byte[1 << 16];
    private long bytes;

    /**
     * Creates the file, and the node's folder.
     *
     * @param landing the folder of all nodes
     * @throws java.nio.file.FileAlreadyExistsException if there is such a file
     */
    public LandingWriter(Path landing, LandingName name) throws IOException {
        Path path = landing.resolve(name.path());
        Folders.create(path.getParent());
        channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        zstd.setLevel(ZSTD_LEVEL);
        try {
            write(ByteBuffer.wrap(LandingFormat.fileHeader(name)));
            Folders.sync(path.getParent());
        } catch (IOException e) {
            zstd.close();
            channel.close();
            throw e;
        }
    }

    /** Bytes in the file. */
    public long bytes() {
        return bytes;
    }

    /** Writes the rows of a block, if it has any, and clears it. */
    public void append(RowBlock rows) throws IOException {
        if (rows.rows() == 0) {
            return;
        }
        block.clear();
        rows.encode(block, scratch);
        int bound = (int) Zstd.compressBound(block.length());
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        int stored = zstd.compressByteArray(compressed, 0, compressed.length, block.array(), 0, block.length());
        ByteBuffer payload = ByteBuffer.wrap(compressed, 0, stored);
        int columns = rows.table().columns().size();
        ByteBuffer whole = ByteBuffer.allocate(LandingFormat.BLOCK_HEADER + stored)
                .put(LandingFormat.blockHeader(
                        stored, block.length(), rows.rows(), rows.table().code(), columns, LandingFormat.crc(payload)))
                .put(payload)
                .flip();
        write(whole);
        rows.clear();
    }

    /** Waits until the disk has what was appended. */
    public void sync() throws IOException {
        channel.force(false);
    }

    /** Ends the file: it is complete, and will not grow. */
    @Override
    public void close() throws IOException {
        try (channel;
                zstd) {
            write(LandingFormat.blockHeader(0, 0, 0, 0, 0, LandingFormat.crc(ByteBuffer.allocate(0))));
            sync();
        }
    }

    /** Closes the file without an end, as it is when the disk takes no more. */
    public void abandon() throws IOException {
        zstd.close();
        channel.close();
    }

    private void write(ByteBuffer source) throws IOException {
        long at = bytes;
        // by position, so that what is left of a failed write is written over
        while (source.hasRemaining()) {
            at += channel.write(source, at);
        }
        bytes = at;
    }
}
