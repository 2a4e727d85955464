/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import java.io.IOException;
import java.io.InputStream;

/** Gets the files of a folder or an archive, one after another. */
interface EntryVisitor {

    /**
     * A file.
     *
     * @param path relative to the source, with slashes
     * @param content valid until this returns; need not be read, or not to its end
     * @throws IOException only if the source as a whole cannot be read on
     */
    void file(String path, InputStream content) throws IOException;

    /** Something that is not read, and why. */
    void refused(String path, String reason);
}
