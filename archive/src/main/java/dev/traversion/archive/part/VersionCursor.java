/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectVersion;
import java.io.IOException;
import java.util.NoSuchElementException;

/** Versions one after the other, in the order of (key, resourceVersion). For one thread. */
public interface VersionCursor extends AutoCloseable {

    /** Has no versions. */
    VersionCursor EMPTY = new VersionCursor() {
        @Override
        public boolean next() {
            return false;
        }

        @Override
        public ObjectVersion current() {
            throw new NoSuchElementException("no version here");
        }

        @Override
        public void close() {}
    };

    /** Moves to the next version; false at the end. */
    boolean next() throws IOException;

    /** The version moved to; valid until the next call of {@link #next()} or {@link #close()}. */
    ObjectVersion current();

    @Override
    void close();
}
