/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.nio.file.Path;

/**
 * How a recording is read.
 *
 * @param cache directory for copies of parts that lie in an object store; may be shared by processes
 * @param cacheBytes how much it may hold
 * @param indexBytes memory for row indexes
 * @param pageBytes memory for decompressed pages
 */
public record RecordingOptions(Path cache, long cacheBytes, long indexBytes, long pageBytes) {

    private static final long CACHE = 4L << 30;

    /**
     * The user's cache directory with up to 4 GiB, a fifth of the heap for indexes (at most 128 MiB) and a tenth for pages (at most
     * 32 MiB).
     */
    public static RecordingOptions defaults() {
        String cacheHome = System.getenv("XDG_CACHE_HOME");
        Path caches = cacheHome == null || cacheHome.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(cacheHome);
        long heap = Runtime.getRuntime().maxMemory();
        return new RecordingOptions(
                caches.resolve("traversion").resolve("parts"),
                CACHE,
                Math.min(heap / 5, 128L << 20),
                Math.min(heap / 10, 32L << 20));
    }
}
