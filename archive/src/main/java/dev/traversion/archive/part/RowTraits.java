/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Trait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/** A trait of the rows of a row group, as far as it is known. Two threads may work out the same, and find the same. */
final class RowTraits {

    /** A row whose trait really is this is worked out again and again. */
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final Trait trait;
    private final AtomicLongArray values;

    RowTraits(Trait trait, int rows) {
        this.trait = trait;
        long[] unknown = new long[rows];
        Arrays.fill(unknown, UNKNOWN);
        this.values = new AtomicLongArray(unknown);
    }

    boolean areOf(Trait wanted) {
        return wanted.equals(trait);
    }

    /** Leaves out of some rows those that are known. */
    @FunctionalInterface
    interface Missing {
        /** Moves what is left to the front of the array, and returns how many they are. */
        int of(int[] rows, int count);
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

    /**
     * Works out what is not known yet of some rows. Who asks for the same at the same time waits, and finds it.
     *
     * @param rows a cursor over those of them that are missing
     */
    synchronized void fill(Function<Missing, SelectedRows> rows) {
        try (SelectedRows cursor = rows.apply(this::missing)) {
            while (cursor.next()) {
                get(cursor.current().row(), cursor.current());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int missing(int[] rows, int count) {
        int left = 0;
        for (int i = 0; i < count; i++) {
            if (values.getOpaque(rows[i]) == UNKNOWN) {
                rows[left++] = rows[i];
            }
        }
        return left;
    }

    /** About how much memory it takes. */
    long weight() {
        return 8L * values.length();
    }
}
