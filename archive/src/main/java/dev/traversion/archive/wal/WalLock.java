/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Folders;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Holds a log's directory for one process; the system lets go of it when the process ends, however it does. */
public final class WalLock implements AutoCloseable {

    private static final String FILE = ".lock";

    private final FileChannel file;

    private WalLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes hold of a directory, which is created if there is none.
     *
     * @throws TraversionException if another process holds it, or it cannot be written
     */
    public static WalLock take(Path directory) throws IOException {
        FileChannel file;
        try {
            Folders.create(directory);
            file = FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (AccessDeniedException e) {
            throw new TraversionException(
                    "Cannot write to " + directory + ": permission denied. Choose a directory you can write.", e);
        }
        FileLock lock;
        try {
            lock = file.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        } catch (IOException e) {
            file.close();
            throw e;
        }
        if (lock == null) {
            file.close();
            throw new TraversionException(
                    "Another recorder is writing to " + directory + ". Stop it, or record to another directory.");
        }
        return new WalLock(file);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
