/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.kubeconfig;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.state.PrivateFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A kubeconfig on disk, changed under kubectl's own lock, whole or not at all. */
public record KubeconfigFile(Path path) {

    private static final int LOCK_ATTEMPTS = 50;
    private static final long LOCK_PAUSE_MILLIS = 100;

    /**
     * What is in it; nothing if it does not exist.
     *
     * @throws TraversionException if it cannot be read, or is no kubeconfig
     */
    public KubeconfigText read() {
        try {
            return KubeconfigText.parse(Files.exists(path) ? Files.readString(path) : "", path);
        } catch (IOException e) {
            throw new TraversionException("Cannot read the kubeconfig " + path + ": " + e.getMessage() + ".", e);
        }
    }

    /**
     * Changes it, keeping its permissions; makes it if it does not exist.
     *
     * @throws TraversionException if it cannot be written, or the change would touch entries that are not ours
     */
    public KubeconfigText edit(UnaryOperator<KubeconfigText> change) {
        try {
            Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
            if (target.getParent() != null) {
                Files.createDirectories(target.getParent());
            }
            Path lock = lock(target);
            try {
                KubeconfigText before = read();
                before.requireEditable(path);
                KubeconfigText after = change.apply(before);
                if (!after.rest().equals(before.rest())) {
                    throw new TraversionException(path + " is written in a way that entries cannot be added to safely."
                            + " It was left alone; use --kubeconfig-out FILE.");
                }
                if (!after.text().equals(before.text())) {
                    PrivateFile.write(target, after.text(), permissions(target));
                }
                return after;
            } finally {
                Files.deleteIfExists(lock);
            }
        } catch (IOException e) {
            throw new TraversionException(
                    "Cannot change the kubeconfig " + path + ": " + e.getMessage() + ". Use --kubeconfig-out FILE.", e);
        }
    }

    private static Set<PosixFilePermission> permissions(Path target) throws IOException {
        return Files.exists(target)
                ? Files.getPosixFilePermissions(target)
                : PosixFilePermissions.fromString("rw-------");
    }

    /** kubectl config makes the same file while it writes. */
    private static Path lock(Path target) throws IOException {
        Path lock = target.resolveSibling(target.getFileName() + ".lock");
        for (int attempt = 1; ; attempt++) {
            try {
                return Files.createFile(lock);
            } catch (FileAlreadyExistsException e) {
                if (attempt == LOCK_ATTEMPTS) {
                    throw new TraversionException(
                            lock + " is there: another program is changing the kubeconfig, or was killed while it did."
                                    + " If none is, remove that file.",
                            e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOCK_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TraversionException("Interrupted while waiting for the kubeconfig's lock.", e);
        }
    }
}
