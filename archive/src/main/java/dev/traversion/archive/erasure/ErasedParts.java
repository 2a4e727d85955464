/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.denial.Omissions;
import dev.traversion.archive.parquet.Compression;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartMerge;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.part.PartWriter;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.seal.NewPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Parts without what is erased, and the count of that. The new parts are deleted from this machine at the end. */
final class ErasedParts implements AutoCloseable {

    private final Path workDirectory;
    private final Omissions omissions;
    private final List<Path> written = new ArrayList<>();
    private final Set<ResourceType> types = new TreeSet<>();
    private final Set<String> objects = new HashSet<>();
    private final Set<String> versions = new HashSet<>();
    private final Set<String> whole = new HashSet<>();
    private final List<long[]> times = new ArrayList<>();

    ErasedParts(Path workDirectory, Omissions omissions) {
        this.workDirectory = workDirectory;
        this.omissions = omissions;
    }

    /**
     * Whether a part holds any of it; it is counted.
     *
     * @throws TraversionException if it has a value in what identifies an object, and cannot be without
     */
    boolean holds(PartReader part, long end) throws IOException {
        long from = Long.MAX_VALUE;
        long to = Long.MIN_VALUE;
        try (VersionCursor rows = part.rows()) {
            while (rows.next()) {
                ObjectVersion version = rows.current();
                boolean isWhole = !omissions.allows(version);
                ObjectVersion left = isWhole ? null : omissions.values().without(version);
                if (!isWhole && left == null) {
                    throw new TraversionException(
                            "The value is part of what identifies " + version.key()
                                    + " (its kind, uid, version or time of creation): it cannot be replaced there. Nothing was erased.");
                }
                if (version.equals(left)) {
                    continue;
                }
                types.add(version.key().type());
                String object = version.key() + " " + version.uid();
                objects.add(object);
                versions.add(object + " " + version.observedAt());
                if (isWhole) {
                    whole.add(object);
                }
                from = Math.min(from, version.observedAt());
                boolean isEnd = version.operation() == Operation.DELETED;
                to = Math.max(to, isEnd ? version.observedAt() : Math.min(version.validTo(), end));
            }
        }
        if (from == Long.MAX_VALUE) {
            return false;
        }
        times.add(new long[] {from, Math.max(from, to)});
        return true;
    }

    /** The part without it, on this machine. It may have no rows left. */
    NewPart without(PartReader reader, PartFile part) throws IOException {
        Files.createDirectories(workDirectory);
        Path path = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        written.add(path);
        Compression compression = NewPart.isPacked(part) ? Compression.HARD : Compression.QUICK;
        try (PartWriter writer = new PartWriter(path, part.start(), part.end(), compression)) {
            new PartMerge(List.of(reader), omissions::allows, omissions.values()::without, _ -> {}).writeTo(writer);
            return new NewPart(writer.finish(), part.start(), NewPart.isPacked(part));
        }
    }

    /** Types of which there was something. */
    Set<ResourceType> types() {
        return types;
    }

    /** When it was there, ns: both ends inclusive, a stretch for each part. */
    List<long[]> times() {
        return times;
    }

    /** The beginning of the first of these stretches, ns. */
    long from() {
        return times.stream().mapToLong(time -> time[0]).min().orElseThrow();
    }

    /** The end of the last one, ns. */
    long to() {
        return times.stream().mapToLong(time -> time[1]).max().orElseThrow();
    }

    /** How many of the objects go as a whole. */
    long whole() {
        return whole.size();
    }

    long objects() {
        return objects.size();
    }

    long versions() {
        return versions.size();
    }

    @Override
    public void close() throws IOException {
        for (Path path : written) {
            Files.deleteIfExists(path);
        }
    }
}
