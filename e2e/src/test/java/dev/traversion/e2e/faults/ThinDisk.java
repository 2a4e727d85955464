/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk that takes writes and then cannot keep them, so that only fsync tells: an ext4 whose image is a sparse file on a tmpfs that can
 * be filled up. Needs root.
 */
final class ThinDisk implements AutoCloseable {

    private final Path memory;
    private final Path image;
    private final Path directory;

    /** Mounts it at a directory, which is created; the test is skipped where that cannot be. */
    ThinDisk(Path memory, Path directory) throws Exception {
        this.memory = Files.createDirectory(memory);
        this.directory = Files.createDirectory(directory);
        this.image = memory.resolve("image");
        assumeTrue(
                LoopMount.command("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", memory.toString()) == 0,
                "a mount of a tmpfs needs root");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(32 << 20);
        }
        // Without a journal, whose failure would end the file system; and what it needs for itself is there from the
        // beginning.
        assumeTrue(
                LoopMount.command(
                                "mkfs.ext4",
                                "-q",
                                "-m",
                                "0",
                                "-O",
                                "^has_journal",
                                "-E",
                                "lazy_itable_init=0,nodiscard",
                                image)
                        == 0,
                "an ext4 needs e2fsprogs");
        mount();
    }

    private void mount() throws Exception {
        assumeTrue(
                LoopMount.command("mount", "-o", "loop,errors=continue", image.toString(), directory.toString()) == 0,
                "a loop mount needs root");
    }

    /** From now on nothing new can be kept. */
    void fail() throws IOException {
        try (OutputStream out = Files.newOutputStream(memory.resolve("filler"))) {
            byte[] block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (!e.getMessage().contains("No space left")) {
                throw e;
            }
        }
    }

    void mend() throws IOException {
        Files.delete(memory.resolve("filler"));
    }

    /** Forgets what is only in memory: afterwards files hold what the disk has kept. */
    void remount() throws Exception {
        if (LoopMount.command("umount", directory) != 0) {
            throw new IOException(directory + " is still in use");
        }
        mount();
    }

    /** Even if a file of it is still mapped somewhere, until that is not any more. */
    @Override
    public void close() throws IOException {
        for (Path place : new Path[] {directory, memory}) {
            if (LoopMount.command("umount", "-l", place) != 0) {
                throw new IOException(place + " cannot be unmounted");
            }
        }
    }
}
