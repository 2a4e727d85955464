/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.snapshot;

import dev.traversion.archive.History;
import dev.traversion.archive.export.RecordingExport;
import dev.traversion.archive.store.SingleFileStore;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A moment as one file in the store, which every command of the plugin opens. */
final class MomentFile {

    private MomentFile() {}

    /**
     * Writes it, unless it is there.
     *
     * @param time ns
     * @param work a directory for what is being written; it needs room for the whole moment
     * @return where it is
     */
    static String write(History history, long time, String name, Store store, Path work) throws IOException {
        String path = "exports/" + history.clusterId() + "/" + name + ".trv";
        String location = store.location() + "/" + path;
        if (store.list(path).stream().anyMatch(file -> file.path().equals(path))) {
            return location;
        }
        Files.createDirectories(work);
        Path folder = Files.createTempDirectory(work, "export");
        Path file = folder.resolveSibling(folder.getFileName() + ".trv");
        try {
            new RecordingExport(history, time - 1, time, written -> {}).write(folder);
            SingleFileStore.pack(folder, file);
            store.create(path, file);
        } catch (FileAlreadyExistsException e) {
            return location;
        } finally {
            Files.deleteIfExists(file);
            remove(folder);
        }
        return location;
    }

    private static void remove(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
