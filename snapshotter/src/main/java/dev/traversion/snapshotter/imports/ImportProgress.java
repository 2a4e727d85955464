/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

/** Is told how reading goes on. */
@FunctionalInterface
public interface ImportProgress {

    /**
     * A file has been read.
     *
     * @param file as it is named in the archive
     * @param objects found up to now
     */
    void read(String file, long objects);
}
