/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A recording in one file, to be sent to somebody: a zip of the files of a store, uncompressed since they are compressed themselves.
 * It can only be read. Names in it are never used as paths of this machine.
 */
public final class SingleFileStore implements Store {

    private final Path file;
    private final ZipFile zip;

    /** @throws TraversionException if it is no such file, or damaged */
    public SingleFileStore(Path file) {
        this.file = file.toAbsolutePath().normalize();
        try {
            zip = new ZipFile(this.file.toFile());
        } catch (ZipException e) {
            throw new TraversionException(
                    this.file + " is a file, but no recording, or it is not whole: " + e.getMessage()
                            + ". Name the directory of a recording, or a .trv file made by export.",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes one file of the files of a directory. The target must not exist. */
    public static void pack(Path directory, Path target) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(directory)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
            for (Path each : files) {
                ZipEntry entry = new ZipEntry(directory.relativize(each).toString());
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(Files.size(each));
                entry.setCrc(checksum(each));
                out.putNextEntry(entry);
                Files.copy(each, out);
                out.closeEntry();
            }
        }
    }

    private static long checksum(Path file) throws IOException {
        try (CheckedInputStream in = new CheckedInputStream(Files.newInputStream(file), new CRC32())) {
            in.transferTo(OutputStream.nullOutputStream());
            return in.getChecksum().getValue();
        }
    }

    @Override
    public String location() {
        return file.toString();
    }

    @Override
    public List<StoredFile> list(String prefix) {
        List<StoredFile> files = new ArrayList<>();
        zip.stream()
                .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(prefix))
                .forEach(entry -> files.add(new StoredFile(entry.getName(), entry.getSize())));
        files.sort(Comparator.comparing(StoredFile::path));
        return files;
    }

    /** The stream fails at its end if the bytes are not those that were packed. */
    @Override
    public InputStream read(String path) throws IOException {
        ZipEntry entry = entry(path);
        return new CheckedInputStream(zip.getInputStream(entry), new CRC32()) {
            @Override
            public int read() throws IOException {
                return check(super.read());
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return check(super.read(bytes, offset, length));
            }

            private int check(int read) throws IOException {
                if (read < 0 && getChecksum().getValue() != entry.getCrc()) {
                    throw new TraversionException(
                            file + " is damaged: " + path + " in it is not what it was. Get another copy of the file.");
                }
                return read;
            }
        };
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        try (InputStream in = zip.getInputStream(entry(path))) {
            in.skipNBytes(offset);
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new IOException(file + ": " + path + " is shorter than " + (offset + length) + " bytes");
            }
            return bytes;
        }
    }

    private ZipEntry entry(String path) throws NoSuchFileException {
        ZipEntry entry = zip.getEntry(path);
        if (entry == null) {
            throw new NoSuchFileException(file + ": " + path);
        }
        return entry;
    }

    @Override
    public void create(String path, byte[] content) {
        throw readOnly();
    }

    @Override
    public void create(String path, Path content) {
        throw readOnly();
    }

    @Override
    public void probe() {
        throw readOnly();
    }

    @Override
    public void delete(String path) {
        throw readOnly();
    }

    private TraversionException readOnly() {
        return new TraversionException(
                file + " is a file: it can be read, but not recorded into. Name a directory, or s3://bucket/prefix.");
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
