/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A place for immutable files: a directory or an S3 bucket prefix. Paths are relative, separated by {@code /}. Safe for
 * concurrent use. Failures are {@link IOException}s whose message names the place and the path; what a user must mend (no such
 * bucket, wrong keys) is a {@link dev.traversion.archive.TraversionException}.
 */
public interface Store extends AutoCloseable {

    /** The place in the form users write it: {@code /recordings/prod} or {@code s3://bucket/prefix}. */
    String location();

    /** The files under a prefix ({@code ""} for all), recursively, sorted by path. */
    List<StoredFile> list(String prefix) throws IOException;

    /** The names of the folders directly under a prefix (which ends with {@code /} or is empty), sorted. */
    default List<String> folders(String prefix) throws IOException {
        return list(prefix).stream()
                .map(file -> file.path().substring(prefix.length()))
                .filter(path -> path.indexOf('/') > 0)
                .map(path -> path.substring(0, path.indexOf('/')))
                .distinct()
                .sorted()
                .toList();
    }

    /** @throws java.nio.file.NoSuchFileException if there is none */
    InputStream read(String path) throws IOException;

    /** @throws java.nio.file.NoSuchFileException if there is none */
    byte[] read(String path, long offset, int length) throws IOException;

    /** The file itself, where the store is a directory of this machine and the file can be mapped in place. */
    default Optional<Path> local(String path) {
        return Optional.empty();
    }

    /**
     * Creates a file with all its bytes, durably, or fails leaving none.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one already, with other bytes or not
     */
    void create(String path, byte[] content) throws IOException;

    /** As {@link #create(String, byte[])}, from a local file. */
    void create(String path, Path content) throws IOException;

    /**
     * Makes sure that the place can be written, and that {@link #create} never replaces anything there: commits rest on it.
     *
     * @throws dev.traversion.archive.TraversionException if not
     */
    default void probe() throws IOException {}

    /** Deletes a file; it is no error if there is none. */
    void delete(String path) throws IOException;

    @Override
    void close();
}
