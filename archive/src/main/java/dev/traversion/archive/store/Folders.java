/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.store;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Folders that survive a power loss: a name is there for certain only when the folder that holds it was synced. */
public final class Folders {

    private Folders() {}

    /**
     * Creates a folder and those above it, unless they are there, and syncs each new name in the folder above it.
     *
     * @throws TraversionException if there is a file of that name, or it may not be created
     */
    public static void create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        refuseFile(folder);
        Path above = folder.getParent();
        create(above);
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            refuseFile(folder);
            return;
        } catch (AccessDeniedException e) {
            throw new TraversionException(
                    "Cannot create " + folder + ": permission denied. Choose a directory you can write.", e);
        }
        sync(above);
    }

    /**
     * Makes durable what a process created that was killed before it could: the folder and those above it, and all folders in it. Those
     * above that may not be read are somebody else's, and older.
     */
    public static void settle(Path folder) throws IOException {
        for (Path above = folder.toAbsolutePath().getParent(); above != null; above = above.getParent()) {
            if (Files.isReadable(above)) {
                sync(above);
            }
        }
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path each : inside.filter(Files::isDirectory).toList()) {
                sync(each);
            }
        }
    }

    /** Makes the names in a folder, and those that are gone from it, durable. */
    public static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void refuseFile(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new TraversionException(folder + " is a file, not a directory. Name the directory of the recording.");
        }
    }
}
