/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A recording of the cluster {@code c1} by the version that knew no working directories: 20 exits compacted, 10 landed. */
public final class OlderTable {

    private OlderTable() {}

    /** Puts it into a folder. */
    public static void unpack(Path folder) throws IOException {
        try (InputStream in = OlderTable.class.getResourceAsStream("before-working-directory.zip");
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path path = folder.resolve(entry.getName());
                if (!entry.isDirectory()) {
                    Files.createDirectories(path.getParent());
                    Files.copy(zip, path);
                }
            }
        }
    }
}
