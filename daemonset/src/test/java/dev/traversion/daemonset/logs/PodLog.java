/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** The files of one container, written as a container runtime does it and rotated as the kubelet does it. */
final class PodLog {

    private final Path folder;
    private int restart;
    private int rotations;

    PodLog(Path root, String namespace, String pod, String uid, String container) throws IOException {
        folder = root.resolve(namespace + "_" + pod + "_" + uid).resolve(container);
        Files.createDirectories(folder);
    }

    Path folder() {
        return folder;
    }

    Path file() {
        return folder.resolve(restart + ".log");
    }

    /** A record of the log. */
    static String record(String time, String stream, boolean isPart, String content) {
        return time + " " + stream + " " + (isPart ? "P" : "F") + " " + content + "\n";
    }

    void line(String content) throws IOException {
        write(record(Instant.ofEpochSecond(1_800_000_000).toString(), "stdout", false, content));
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
        Files.write(file(), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** The file gets another name, and a new one is begun. */
    Path rotate() throws IOException {
        Path old = folder.resolve(restart + ".log.20260101-" + String.format("%06d", rotations++));
        Files.move(file(), old);
        Files.createFile(file());
        return old;
    }

    void restart() throws IOException {
        restart++;
        Files.createFile(file());
    }
}
