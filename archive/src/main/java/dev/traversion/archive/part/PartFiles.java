/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Parts as files that can be mapped: in place where the store is a directory, else copied into a bounded directory. Parts never
 * change and their names are unique, so a copy is good for ever, and several processes may share the directory.
 */
public final class PartFiles {

    private static final String UNFINISHED = ".copying";

    private final Store store;
    private final Path cache;
    private final long cacheBytes;
    private final Clock clock;

    /**
     * @param cache created when first needed
     * @param cacheBytes the copies used longest ago go when there are more bytes than that
     */
    public PartFiles(Store store, Path cache, long cacheBytes, Clock clock) {
        this.store = store;
        this.cache = cache;
        this.cacheBytes = cacheBytes;
        this.clock = clock;
    }

    /**
     * The file of a part.
     *
     * @throws TraversionException if it is not there, or not as long as it should be
     */
    public Path get(PartFile part) throws IOException {
        try {
            Optional<Path> local = store.local(part.path());
            Path file = local.isPresent() ? local.get() : copy(part);
            checkSize(part, Files.size(file));
            return file;
        } catch (NoSuchFileException e) {
            throw new TraversionException(
                    "%s is missing in %s. Restore it from a copy of the recording."
                            .formatted(part.path(), store.location()),
                    e);
        }
    }

    private static void checkSize(PartFile part, long size) {
        if (size != part.bytes()) {
            throw new TraversionException(
                    "%s is damaged at byte %d: it has %d bytes instead of %d. Restore the file from a copy of the recording."
                            .formatted(part.path(), Math.min(size, part.bytes()), size, part.bytes()));
        }
    }

    private synchronized Path copy(PartFile part) throws IOException {
        Path file = cache.resolve(part.path().substring(part.path().lastIndexOf('/') + 1));
        if (Files.exists(file) && Files.size(file) == part.bytes()) {
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return file;
        }
        Files.createDirectories(cache);
        makeRoom(part.bytes());
        Path unfinished = Files.createTempFile(cache, "", UNFINISHED);
        try {
            try (InputStream in = store.read(part.path());
                    OutputStream out = Files.newOutputStream(unfinished)) {
                checkSize(part, in.transferTo(out));
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
        return file;
    }

    /** Deletes what was used longest ago. Whoever has it mapped can go on reading it. */
    private void makeRoom(long bytes) throws IOException {
        List<Copy> copies = new ArrayList<>();
        try (Stream<Path> files = Files.list(cache)) {
            for (Path file : files.toList()) {
                look(file).ifPresent(copies::add);
            }
        }
        copies.sort(Comparator.comparing(Copy::used));
        long total = bytes + copies.stream().mapToLong(Copy::bytes).sum();
        Instant abandoned = clock.instant().minusSeconds(3600);
        for (Copy copy : copies) {
            boolean unfinished = copy.file.toString().endsWith(UNFINISHED);
            if (unfinished ? copy.used.toInstant().isBefore(abandoned) : total > cacheBytes) {
                Files.deleteIfExists(copy.file);
                total -= copy.bytes;
            }
        }
    }

    private static Optional<Copy> look(Path file) throws IOException {
        try {
            return Optional.of(new Copy(file, Files.size(file), Files.getLastModifiedTime(file)));
        } catch (NoSuchFileException e) {
            // another process made room at the same time
            return Optional.empty();
        }
    }

    private record Copy(Path file, long bytes, FileTime used) {}
}
