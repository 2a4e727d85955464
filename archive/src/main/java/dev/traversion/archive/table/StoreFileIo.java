/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.table;

import dev.traversion.archive.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Iceberg's view of a store. Metadata files are small, so they are read and written whole. Locations are absolute, as every engine
 * wants them, but only what follows {@code clusters/} counts here: a recording that was moved or copied still opens.
 */
final class StoreFileIo implements FileIO {

    private static final long serialVersionUID = 1L;
    private static final String CLUSTERS = "/clusters/";

    private final transient Store store;

    StoreFileIo(Store store) {
        this.store = store;
    }

    /** The URI under which other engines find a path of the store. */
    static String location(Store store, String path) {
        String root = store.location();
        return (root.startsWith("/") ? "file://" + root : root) + "/" + path;
    }

    /** The path in the store that a location names. */
    static String path(String location) {
        int clusters = location.lastIndexOf(CLUSTERS);
        if (clusters < 0) {
            throw new IllegalArgumentException("not a file of a recording: " + location);
        }
        return location.substring(clusters + 1);
    }

    @Override
    public InputFile newInputFile(String location) {
        try (InputStream in = store.read(path(location))) {
            return new InMemoryInputFile(location, in.readAllBytes());
        } catch (NoSuchFileException e) {
            throw new NotFoundException(e, "%s is missing", location);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public OutputFile newOutputFile(String location) {
        return new StoreOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
        try {
            store.delete(path(location));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class StoreOutputFile implements OutputFile {
        private final String location;

        StoreOutputFile(String location) {
            this.location = location;
        }

        @Override
        public PositionOutputStream create() {
            return new BufferedFile(location);
        }

        /** Names are unique, so there is nothing to overwrite. */
        @Override
        public PositionOutputStream createOrOverwrite() {
            return create();
        }

        @Override
        public String location() {
            return location;
        }

        @Override
        public InputFile toInputFile() {
            return newInputFile(location);
        }
    }

    private final class BufferedFile extends PositionOutputStream {
        private final String location;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean closed;

        BufferedFile(String location) {
            this.location = location;
        }

        @Override
        public long getPos() {
            return bytes.size();
        }

        @Override
        public void write(int value) {
            bytes.write(value);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            bytes.write(source, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                store.create(path(location), bytes.toByteArray());
            }
        }
    }
}
