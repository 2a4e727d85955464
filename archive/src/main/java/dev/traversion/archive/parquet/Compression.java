/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

/**
 * How hard a file is compressed.
 *
 * @param level zstd's
 * @param pageBytes of texts, before compression, about: what zstd finds repetitions in, and what a reader decompresses to find one value
 */
public record Compression(int level, int pageBytes) {

    /** At the speed of sealing. */
    public static final Compression QUICK = new Compression(3, 256 << 10);

    /** For what is rarely read: twice as slow, and a quarter smaller. */
    public static final Compression HARD = new Compression(9, 1 << 20);
}
