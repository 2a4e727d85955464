/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A committed part, opened when first asked. Safe for concurrent use. */
public final class PartHandle {

    private final PartFile file;
    private final PartFiles files;
    private final PartCaches caches;
    private PartReader reader;

    public PartHandle(PartFile file, PartFiles files, PartCaches caches) {
        this.file = file;
        this.files = files;
        this.caches = caches;
    }

    public PartFile file() {
        return file;
    }

    /**
     * The part's reader. A failure is not kept: the store may answer the next time.
     *
     * @throws dev.traversion.archive.TraversionException if the part is missing or damaged
     * @throws UncheckedIOException if the store cannot be read
     */
    public synchronized PartReader reader() {
        if (reader == null) {
            try {
                reader = PartReader.open(files.get(file), file.path(), caches);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return reader;
    }
}
