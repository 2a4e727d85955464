/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A small disk: an ext4 in a file. Needs root. */
public final class LoopMount implements AutoCloseable {

    private final Path directory;

    /** Mounts it at a directory, which is created; the test is skipped where that cannot be. */
    public LoopMount(Path image, Path directory, int mebibytes) throws Exception {
        this.directory = Files.createDirectory(directory);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        assumeTrue(
                command("mkfs.ext4", "-q", "-m", "0", image.toString()) == 0
                        && command("mount", "-o", "loop", image.toString(), directory.toString()) == 0,
                "a loop mount needs root and e2fsprogs");
    }

    /** Takes every block there is; deleting the file gives them back. */
    public Path fill() throws IOException {
        Path filler = directory.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            byte[] block = new byte[1024];
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            if (e.getMessage().contains("No space left")) {
                return filler;
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (command("umount", directory.toString()) != 0) {
            throw new IOException(directory + " is still in use");
        }
    }

    /** Its exit status. */
    static int command(Object... arguments) throws IOException {
        String[] command = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        Process process = new ProcessBuilder(command).inheritIO().start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(command[0]);
        }
    }
}
