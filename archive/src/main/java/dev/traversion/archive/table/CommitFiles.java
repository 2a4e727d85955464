/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.table;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.NotFoundException;

/** The files that commits of a table consist of. For one thread at a time. */
public final class CommitFiles {

    private final StoreTableOperations operations;

    CommitFiles(StoreTableOperations operations) {
        this.operations = operations;
    }

    /**
     * What a commit consists of: its metadata, manifests and the data files it added. Paths in the store; empty if its metadata is
     * not there.
     */
    public List<String> of(int commit) throws IOException {
        TableMetadata metadata;
        try {
            metadata = operations.at(commit);
        } catch (TraversionException e) {
            // Whoever needs it finds it damaged.
            return List.of();
        }
        if (metadata == null) {
            return List.of();
        }
        List<String> locations = new ArrayList<>();
        locations.add(metadata.metadataFileLocation());
        Snapshot snapshot = metadata.currentSnapshot();
        if (snapshot != null) {
            locations.add(snapshot.manifestListLocation());
            try {
                for (ManifestFile manifest : snapshot.allManifests(operations.io())) {
                    if (manifest.snapshotId() == snapshot.snapshotId()) {
                        locations.add(manifest.path());
                        addFiles(metadata, manifest, locations);
                    }
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return locations.stream().map(StoreFileIo::path).toList();
    }

    /**
     * The metadata and manifests that a reader of a commit, or of one after it, needs; by path in the store. What is older than that and
     * not among them can be deleted.
     *
     * @throws NoSuchFileException if one of these commits is so old that it is deleted already
     */
    public Set<String> metadataSince(int commit) throws IOException {
        Set<String> paths = new TreeSet<>();
        for (int number = Math.min(commit, operations.number()); number <= operations.number(); number++) {
            TableMetadata metadata = operations.at(number);
            if (metadata == null) {
                continue;
            }
            paths.add(StoreFileIo.path(metadata.metadataFileLocation()));
            Snapshot snapshot = metadata.currentSnapshot();
            if (snapshot != null && paths.add(StoreFileIo.path(snapshot.manifestListLocation()))) {
                try {
                    for (ManifestFile manifest : snapshot.allManifests(operations.io())) {
                        paths.add(StoreFileIo.path(manifest.path()));
                    }
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                } catch (NotFoundException e) {
                    throw (NoSuchFileException) new NoSuchFileException(e.getMessage()).initCause(e);
                }
            }
        }
        return paths;
    }

    private void addFiles(TableMetadata metadata, ManifestFile manifest, List<String> locations) throws IOException {
        try (ManifestReader<DataFile> files = ManifestFiles.read(manifest, operations.io(), metadata.specsById())) {
            for (DataFile file : files) {
                locations.add(file.location());
            }
        }
    }
}
