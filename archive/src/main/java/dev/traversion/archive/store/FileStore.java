/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory. A file appears under its name only when all of it is on the disk: it is written under another name, synced, and
 * linked, which fails if the name is taken. What a crash leaves under such names is not listed.
 */
public final class FileStore implements Store {

    private static final String UNFINISHED = ".unfinished";

    private final Path root;

    public FileStore(Path root) {
        this.root = root.toAbsolutePath().normalize();
        Folders.refuseFile(this.root);
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public List<StoredFile> list(String prefix) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        Path start = prefix.endsWith("/") || prefix.isEmpty()
                ? root.resolve(prefix)
                : resolve(prefix).getParent();
        if (!Files.isDirectory(start)) {
            return files;
        }
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = root.relativize(file).toString();
                if (attributes.isRegularFile() && path.startsWith(prefix) && !path.endsWith(UNFINISHED)) {
                    files.add(new StoredFile(path, attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        files.sort(Comparator.comparing(StoredFile::path));
        return files;
    }

    @Override
    public List<String> folders(String prefix) throws IOException {
        Path folder = root.resolve(prefix);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (AccessDeniedException e) {
            throw new TraversionException("Cannot read " + folder + ": permission denied.", e);
        }
    }

    @Override
    public InputStream read(String path) throws IOException {
        return Files.newInputStream(resolve(path));
    }

    @Override
    public byte[] read(String path, long offset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(resolve(path), StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new IOException(resolve(path) + " is shorter than " + (offset + length) + " bytes");
                }
            }
            return buffer.array();
        }
    }

    @Override
    public Optional<Path> local(String path) {
        return Optional.of(resolve(path));
    }

    @Override
    public void create(String path, byte[] content) throws IOException {
        create(path, channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    @Override
    public void create(String path, Path content) throws IOException {
        create(path, channel -> {
            try (FileChannel source = FileChannel.open(content, StandardOpenOption.READ)) {
                long size = source.size();
                long at = 0;
                while (at < size) {
                    at += source.transferTo(at, size - at, channel);
                }
            }
        });
    }

    private interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    private void create(String path, Content content) throws IOException {
        Path target = resolve(path);
        Path folder = target.getParent();
        Folders.create(folder);
        Path unfinished = folder.resolve("." + UUID.randomUUID() + UNFINISHED);
        try {
            try (FileChannel channel =
                    FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            publish(unfinished, target);
        } catch (AccessDeniedException e) {
            throw new TraversionException(
                    "Cannot write to " + folder + ": permission denied. Choose a directory you can write.", e);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        Folders.sync(folder);
    }

    /** A link fails if the name is taken; the few file systems without links get a rename after a look. */
    private static void publish(Path unfinished, Path target) throws IOException {
        try {
            Files.createLink(target, unfinished);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // Those who have no links say so in either way.
            if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            }
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    @Override
    public void delete(String path) throws IOException {
        Path file = resolve(path);
        if (Files.deleteIfExists(file)) {
            Folders.sync(file.getParent());
        }
    }

    private Path resolve(String path) {
        Path file = root.resolve(path).normalize();
        if (!file.startsWith(root) || file.equals(root)) {
            throw new IllegalArgumentException("not a path in " + root + ": " + path);
        }
        return file;
    }

    @Override
    public void close() {}
}
