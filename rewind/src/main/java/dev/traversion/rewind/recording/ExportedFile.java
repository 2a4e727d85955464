/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.recording;

import dev.traversion.archive.History;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.export.RecordingExport;
import dev.traversion.archive.store.SingleFileStore;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A stretch of a recording as one file in a temporary folder, gone when closed. */
final class ExportedFile implements AutoCloseable {

    private final Path work;
    private final Path packed;
    private final long versions;

    /** @throws TraversionException if it would take more than half of the room there is */
    ExportedFile(History history, long from, long to) throws IOException {
        work = Files.createTempDirectory("traversion-export-");
        packed = work.resolve("recording.trv");
        try {
            long least = room() / 2;
            Path directory = Files.createDirectory(work.resolve("recording"));
            versions = new RecordingExport(history, from, to, _ -> require(least)).write(directory);
            require(least + size(directory));
            SingleFileStore.pack(directory, packed);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private long room() throws IOException {
        return Files.getFileStore(work).getUsableSpace();
    }

    private void require(long room) {
        try {
            if (room() < room) {
                throw new TraversionException(
                        "this server has not enough room for this export: choose a shorter stretch,"
                                + " export from the bucket with --from, or make a Snapshot with export: true");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path directory) throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                size += Files.size(each);
            }
        }
        return size;
    }

    long versions() {
        return versions;
    }

    /** Sends it; closing the stream at its end says that this is all. */
    void send(OutputStream out) throws IOException {
        Files.copy(packed, out);
        out.close();
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(work)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
