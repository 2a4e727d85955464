/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import dev.traversion.archive.TraversionException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Masked bodies that wait to be put in order, in a file that vanishes with the process. An archive is read once and its memory stays
 * small, whatever its size.
 */
final class Spool implements AutoCloseable {

    private static final int BUFFER = 1 << 20;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private final Path directory;
    private long size;

    /** @param directory where only this user can read */
    Spool(Path directory) throws IOException {
        this.directory = directory;
        Path path = Files.createTempFile(directory, "import-", ".spool");
        file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    /** Where the bytes begin. */
    long append(byte[] bytes) {
        long offset = size;
        if (bytes.length > buffer.remaining()) {
            flush();
        }
        if (bytes.length > buffer.remaining()) {
            write(ByteBuffer.wrap(bytes));
        } else {
            buffer.put(bytes);
        }
        size += bytes.length;
        return offset;
    }

    byte[] read(long offset, int length) throws IOException {
        flush();
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("the temporary file of the import was cut short");
            }
        }
        return bytes.array();
    }

    private void flush() {
        buffer.flip();
        write(buffer);
        buffer.clear();
    }

    private void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new TraversionException(
                    "Cannot write the temporary file of the import in " + directory + ": " + e.getMessage()
                            + ". Make room there, or set TRAVERSION_STATE_DIR to another directory.",
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
