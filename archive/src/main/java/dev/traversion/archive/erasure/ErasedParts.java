/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
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
import java.util.function.Predicate;

/** Parts without what is erased, and the count of that. The new parts are deleted from this machine at the end. */
final class ErasedParts implements AutoCloseable {

    private static final int PACKED_LEVEL = 9;

    private final Path workDirectory;
    private final Predicate<ObjectVersion> allowed;
    private final List<Path> written = new ArrayList<>();
    private final Set<ResourceType> types = new TreeSet<>();
    private final Set<String> objects = new HashSet<>();
    private final Set<String> versions = new HashSet<>();

    ErasedParts(Path workDirectory, Predicate<ObjectVersion> allowed) {
        this.workDirectory = workDirectory;
        this.allowed = allowed;
    }

    /** Whether a part holds any of it; it is counted. */
    boolean holds(PartReader part) throws IOException {
        boolean holds = false;
        try (VersionCursor rows = part.rows()) {
            while (rows.next()) {
                ObjectVersion version = rows.current();
                if (!allowed.test(version)) {
                    holds = true;
                    types.add(version.key().type());
                    String object = version.key() + " " + version.uid();
                    objects.add(object);
                    versions.add(object + " " + version.observedAt());
                }
            }
        }
        return holds;
    }

    /** The part without it, on this machine. It may have no rows left. */
    NewPart without(PartReader reader, PartFile part) throws IOException {
        Files.createDirectories(workDirectory);
        Path path = workDirectory.resolve(UUID.randomUUID() + ".unfinished");
        written.add(path);
        int level = NewPart.isPacked(part) ? PACKED_LEVEL : PartWriter.DEFAULT_LEVEL;
        try (PartWriter writer = new PartWriter(path, part.start(), part.end(), level)) {
            new PartMerge(List.of(reader), allowed, _ -> {}).writeTo(writer);
            return new NewPart(writer.finish(), part.start(), NewPart.isPacked(part));
        }
    }

    /** Types of which there was something. */
    Set<ResourceType> types() {
        return types;
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
