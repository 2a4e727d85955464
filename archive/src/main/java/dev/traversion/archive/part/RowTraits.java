/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Trait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Supplier;

/** A trait of the rows of a row group, as far as it is known. Two threads may work out the same, and find the same. */
final class RowTraits {

    /** A row whose trait really is this is worked out again and again. */
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final Trait trait;
    private final AtomicLongArray values;
    private volatile boolean complete;

    RowTraits(Trait trait, int rows) {
        this.trait = trait;
        long[] unknown = new long[rows];
        Arrays.fill(unknown, UNKNOWN);
        this.values = new AtomicLongArray(unknown);
    }

    /** @param version of that row */
    long get(int row, ObjectVersion version) throws IOException {
        long known = values.getOpaque(row);
        if (known != UNKNOWN) {
            return known;
        }
        long value = trait.of(version);
        values.setOpaque(row, value);
        return value;
    }

    boolean isComplete() {
        return complete;
    }

    /**
     * Works out what is not known yet.
     *
     * @param rows a cursor over all of them
     */
    synchronized void complete(Supplier<VersionCursor> rows) {
        if (complete) {
            return;
        }
        try (VersionCursor cursor = rows.get()) {
            for (int row = 0; cursor.next(); row++) {
                get(row, cursor.current());
            }
            complete = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** About how much memory it takes. */
    long weight() {
        return 8L * values.length();
    }
}
