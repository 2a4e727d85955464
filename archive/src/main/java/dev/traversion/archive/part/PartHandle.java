/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.LocalCopies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A committed part, opened when first asked. Safe for concurrent use. */
public final class PartHandle {

    private final PartFile file;
    private final LocalCopies copies;
    private final PartCaches caches;
    private PartReader reader;

    public PartHandle(PartFile file, LocalCopies copies, PartCaches caches) {
        this.file = file;
        this.copies = copies;
        this.caches = caches;
    }

    public PartFile file() {
        return file;
    }

    /**
     * The part's reader. A failure is not kept: the store may answer the next time.
     *
     * @throws PartGoneException if the part is missing
     * @throws TraversionException if it is damaged
     * @throws UncheckedIOException if the store cannot be read
     */
    public synchronized PartReader reader() {
        if (reader == null) {
            try {
                reader = open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return reader;
    }

    private PartReader open() throws IOException {
        try {
            return copies.open(file.path(), this::open);
        } catch (NoSuchFileException e) {
            throw new PartGoneException(file.path(), e);
        }
    }

    private PartReader open(Path path) throws IOException {
        long size = Files.size(path);
        if (size != file.bytes()) {
            throw new TraversionException(
                    "%s is damaged at byte %d: it has %d bytes instead of %d. Restore the file from a copy of the recording."
                            .formatted(file.path(), Math.min(size, file.bytes()), size, file.bytes()));
        }
        return PartReader.open(path, file.path(), caches);
    }
}
