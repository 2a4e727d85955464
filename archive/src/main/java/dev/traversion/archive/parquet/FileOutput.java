/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file being written, which knows its position. */
final class FileOutput extends FilterOutputStream {

    private static final int BUFFER = 256 * 1024;

    private long position;

    FileOutput(Path file) throws IOException {
        super(new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), BUFFER));
    }

    long position() {
        return position;
    }

    @Override
    public void write(int value) throws IOException {
        out.write(value);
        position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        position += length;
    }
}
