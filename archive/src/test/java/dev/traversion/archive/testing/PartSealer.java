/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.PartWriter;
import dev.traversion.archive.part.RawVersion;
import dev.traversion.archive.part.VersionCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Seals changes in memory into one part after the other, in a directory. */
public final class PartSealer {

    private final Path directory;
    private final PartCaches caches = new PartCaches(64 << 20, 8 << 20);
    private final List<PartFile> parts = new ArrayList<>();
    private PartReader last;

    public PartSealer(Path directory) {
        this.directory = directory;
    }

    public List<PartFile> parts() {
        return List.copyOf(parts);
    }

    /** Writes a part of these changes and what is alive after the part before. */
    public PartFile seal(List<Change> changes) throws IOException {
        long end = parts.isEmpty() ? Long.MIN_VALUE : parts.getLast().end();
        long start = parts.isEmpty() ? Long.MAX_VALUE : parts.getLast().end();
        for (Change change : changes) {
            start = Math.min(start, change.observedAt());
            end = Math.max(end, change.observedAt());
        }
        Path path = Files.createTempFile(directory, "part", ".writing");
        Files.delete(path);
        try (PartWriter writer = new PartWriter(path, start, end, Compression.QUICK);
                VersionCursor carried = last == null ? VersionCursor.EMPTY : last.live()) {
            if (last != null) {
                writer.follow(last);
            }
            merge(new MemorySource(changes), carried, writer);
            WrittenFile file = writer.finish();
            Path stored = directory.resolve(file.name());
            Files.move(path, stored);
            PartFile part = new PartFile(file.name(), start, end, file.rows(), file.bytes());
            parts.add(part);
            last = PartReader.open(stored, file.name(), caches);
            return part;
        }
    }

    private static void merge(MemorySource changes, VersionCursor carried, PartWriter writer) throws IOException {
        boolean hasCarried = carried.next();
        for (List<RawVersion> versions : changes.keys()) {
            RawVersion first = versions.getFirst();
            while (hasCarried && carried.current().key().compareTo(first.key()) < 0) {
                writer.add(carried.current(), Long.MAX_VALUE, true);
                hasCarried = carried.next();
            }
            if (hasCarried && carried.current().key().equals(first.key())) {
                writer.add(carried.current(), first.observedAt(), true);
                hasCarried = carried.next();
            }
            for (RawVersion version : versions) {
                writer.add(version, version.validTo(), false);
            }
        }
        while (hasCarried) {
            ObjectVersion version = carried.current();
            if (version.operation() == Operation.DELETED) {
                throw new IllegalStateException("a deleted object is carried: " + version.key());
            }
            writer.add(version, Long.MAX_VALUE, true);
            hasCarried = carried.next();
        }
    }
}
