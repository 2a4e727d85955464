/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A control group as the kubelet makes them, in one of its own, removed in the end. */
final class TestCgroup implements AutoCloseable {

    private static final Path MOUNT = Path.of("/sys/fs/cgroup");

    private final List<Path> folders;
    private final boolean first;

    private TestCgroup(List<Path> folders, boolean first) {
        this.folders = folders;
        this.first = first;
    }

    static TestCgroup create(String pod, String container) throws IOException {
        boolean first = Files.exists(MOUNT.resolve("memory/cgroup.procs"));
        Path root = first ? MOUNT.resolve("memory") : MOUNT;
        assumeTrue(Files.isWritable(root), "control groups cannot be made under " + root);
        Path own = root.resolve("traversion-test-" + ProcessHandle.current().pid() + "-" + container.substring(60));
        List<Path> folders = List.of(
                own,
                own.resolve("kubepods"),
                own.resolve("kubepods/pod" + pod),
                own.resolve("kubepods/pod" + pod + "/" + container));
        TestCgroup cgroup = new TestCgroup(folders, first);
        for (Path folder : folders) {
            if (!first) {
                Files.writeString(folder.getParent().resolve("cgroup.subtree_control"), "+memory");
            }
            Files.createDirectory(folder);
        }
        return cgroup;
    }

    private Path leaf() {
        return folders.getLast();
    }

    long id() {
        try {
            return ((Number) Files.getAttribute(leaf(), "unix:ino")).longValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void limitMemory(long bytes) throws IOException {
        Files.writeString(leaf().resolve(first ? "memory.limit_in_bytes" : "memory.max"), Long.toString(bytes));
    }

    /** A shell in it, with the process id of what is started. */
    Process start(String command) throws IOException {
        return new ProcessBuilder("/bin/sh", "-c", "echo $$ > " + leaf().resolve("cgroup.procs") + " && " + command)
                .start();
    }

    @Override
    public void close() throws IOException {
        for (Path folder : folders.reversed()) {
            remove(folder);
        }
    }

    /** A group is busy for a moment after its last process has ended. */
    private static void remove(Path folder) throws IOException {
        for (int i = 0; ; i++) {
            try {
                Files.deleteIfExists(folder);
                return;
            } catch (IOException e) {
                if (i == 1000) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }
}
