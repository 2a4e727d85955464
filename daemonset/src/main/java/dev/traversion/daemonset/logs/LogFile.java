/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * A file of a container's log as it is now.
 *
 * @param inode names it whatever it is called
 * @param modified ms since 1970
 */
record LogFile(Path path, long inode, long size, long modified) {

    static LogFile of(Path path) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:ino,size,lastModifiedTime");
        return new LogFile(
                path,
                ((Number) attributes.get("ino")).longValue(),
                ((Number) attributes.get("size")).longValue(),
                ((FileTime) attributes.get("lastModifiedTime")).toMillis());
    }
}
