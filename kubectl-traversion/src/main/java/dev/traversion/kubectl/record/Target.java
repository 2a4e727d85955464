/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.record;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where a recording is written to, checked before anything is. */
public final class Target {

    private static final String CLUSTERS = "clusters";

    private Target() {}

    /**
     * Opens the store.
     *
     * @param location absolute
     * @throws TraversionException if it cannot be written, or holds something else
     */
    public static Store open(String location) throws IOException {
        if (!location.contains("://")) {
            checkDirectory(Path.of(location));
        }
        Store store = Stores.open(location);
        try {
            store.probe();
        } catch (IOException e) {
            store.close();
            throw new TraversionException(
                    "Cannot write to " + location + ": " + e.getMessage()
                            + ". Check AWS_ENDPOINT_URL, the keys and the bucket.",
                    e);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
        return store;
    }

    private static void checkDirectory(Path directory) {
        try {
            Files.createDirectories(directory);
            try (Stream<Path> content = Files.list(directory)) {
                boolean isFree = Files.isDirectory(directory.resolve(CLUSTERS))
                        || content.findAny().isEmpty();
                if (!isFree) {
                    throw new TraversionException(
                            directory
                                    + " holds other files and no recording. Name an empty directory, or one that is not there yet.");
                }
            }
            Path probe = Files.createTempFile(directory, ".probe", "");
            Files.delete(probe);
        } catch (FileAlreadyExistsException e) {
            throw new TraversionException(directory + " is a file. Name a directory with --to.", e);
        } catch (IOException e) {
            throw new TraversionException(
                    "Cannot write to the directory " + directory + " ("
                            + e.getClass().getSimpleName() + ": " + e.getMessage() + "). Name another with --to.",
                    e);
        }
    }
}
