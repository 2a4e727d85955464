/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files of a store as files of this machine, to be mapped: in place if the store is a directory, else copied once. Stored files never
 * change, so a copy is never stale. Safe for concurrent use, also by several processes.
 */
public final class LocalCopies {

    private final Store store;
    private final Path directory;
    private final long mostBytes;

    /**
     * @param directory for copies; created when the first is made
     * @param mostBytes beyond which the copies used longest ago are deleted
     */
    public LocalCopies(Store store, Path directory, long mostBytes) {
        this.store = store;
        this.directory = directory;
        this.mostBytes = mostBytes;
    }

    /** What the files are copied from. */
    public Store store() {
        return store;
    }

    /** @throws NoSuchFileException if there is none in the store */
    public Path get(String path) throws IOException {
        Optional<Path> local = store.local(path);
        if (local.isPresent()) {
            return local.get();
        }
        Path copy = copy(path);
        if (Files.exists(copy)) {
            Files.setLastModifiedTime(copy, FileTime.from(Instant.now()));
            return copy;
        }
        Files.createDirectories(directory);
        Path unfinished = Files.createTempFile(directory, "copy-", ".unfinished");
        try (InputStream in = store.read(path)) {
            Files.copy(in, unfinished, StandardCopyOption.REPLACE_EXISTING);
            sync(unfinished);
            Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        trim(copy);
        return copy;
    }

    /** Or a power loss could leave a name without the bytes. */
    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** What is made of a file. */
    @FunctionalInterface
    public interface Opening<T> {
        T open(Path file) throws IOException;
    }

    /**
     * Opens a file. A copy on this machine that is damaged is made anew, since there is another where it came from.
     *
     * @throws NoSuchFileException if there is none in the store
     * @throws TraversionException what the opening throws, if it is not the copy's fault
     */
    public <T> T open(String path, Opening<T> opening) throws IOException {
        try {
            return opening.open(get(path));
        } catch (TraversionException e) {
            if (!forget(path)) {
                throw e;
            }
            return opening.open(get(path));
        }
    }

    /** Lets go of the copy of a file; false if there is none, or the store's own file is used. */
    public boolean forget(String path) throws IOException {
        return store.local(path).isEmpty() && Files.deleteIfExists(copy(path));
    }

    private Path copy(String path) {
        return directory.resolve(path.replace('/', '_'));
    }

    /** What is mapped stays readable after it is deleted. */
    private void trim(Path newest) throws IOException {
        List<Copy> copies;
        try (Stream<Path> files = Files.list(directory)) {
            copies = files.filter(
                            file -> !file.equals(newest) && !file.toString().endsWith(".unfinished"))
                    .map(file -> new Copy(file, lastUse(file)))
                    .sorted(Comparator.comparing(Copy::lastUse))
                    .toList();
        }
        long total = Files.size(newest);
        for (Copy copy : copies) {
            total += size(copy.file());
        }
        for (Copy oldest : copies) {
            if (total <= mostBytes) {
                return;
            }
            total -= size(oldest.file());
            Files.deleteIfExists(oldest.file());
        }
    }

    /** As it was found: others use it meanwhile. */
    private record Copy(Path file, FileTime lastUse) {}

    private static FileTime lastUse(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
