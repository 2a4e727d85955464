/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.table;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.apache.iceberg.Snapshot;
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

    /** The property of a commit that names its manifests: {@code <name>=<CRC-32C in hex>}, separated by spaces. */
    static final String CHECKSUMS = "traversion.manifests";

    private final transient Store store;

    /** By the file's name: of what commits name, and what was written. */
    private final transient Map<String, String> known = new ConcurrentHashMap<>();

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

    /** From now on these files have to have these checksums; files that are not named are older, and taken as they are. */
    void expect(String checksums) {
        for (String each : checksums.split(" ")) {
            int equals = each.indexOf('=');
            if (equals > 0) {
                known.put(each.substring(0, equals), each.substring(equals + 1));
            }
        }
    }

    /** Of the manifests of a snapshot and of their list. */
    String checksums(Snapshot snapshot) throws IOException {
        List<String> locations = new ArrayList<>(List.of(snapshot.manifestListLocation()));
        snapshot.allManifests(this).forEach(manifest -> locations.add(manifest.path()));
        StringJoiner checksums = new StringJoiner(" ");
        for (String location : locations) {
            String checksum = known.get(name(location));
            if (checksum == null) {
                try (InputStream in = store.read(path(location))) {
                    checksum = checksum(in.readAllBytes());
                }
            }
            checksums.add(name(location) + "=" + checksum);
        }
        return checksums.toString();
    }

    private static String name(String location) {
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private static String checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return String.format("%08x", crc.getValue());
    }

    @Override
    public InputFile newInputFile(String location) {
        try (InputStream in = store.read(path(location))) {
            byte[] bytes = in.readAllBytes();
            String expected = known.get(name(location));
            if (expected != null && !expected.equals(checksum(bytes))) {
                throw new TraversionException(store.location() + "/" + path(location)
                        + " is damaged: its " + bytes.length
                        + " bytes do not give the checksum in the commit. Restore it from a copy of the recording.");
            }
            return new InMemoryInputFile(location, bytes);
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
                byte[] content = bytes.toByteArray();
                store.create(path(location), content);
                known.put(name(location), checksum(content));
            }
        }
    }
}
