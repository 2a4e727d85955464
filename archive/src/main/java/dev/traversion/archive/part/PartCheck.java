/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads every row of a part, and checks that they fit together: keys in order, each version valid until the next one, and carry rows
 * that are the state at the end of the part before. Memory holds an index and some pages.
 */
public final class PartCheck {

    private final PartFile file;
    private final PartReader part;
    private final Consumer<String> problems;

    /** @param problems told of what does not fit, a sentence each */
    public PartCheck(PartFile file, PartReader part, Consumer<String> problems) {
        this.file = file;
        this.part = part;
        this.problems = problems;
    }

    /**
     * Decompresses every body, and checks the rows of each key.
     *
     * @return how many rows there are
     * @throws TraversionException if bytes are damaged
     */
    public long rows() throws IOException {
        long count = 0;
        int group = -1;
        int at = 0;
        long[] validTo = {};
        ObjectKey key = null;
        try (VersionCursor rows = part.rows()) {
            while (rows.next()) {
                PartVersion row = (PartVersion) rows.current();
                readBody(row);
                count++;
                if (at == validTo.length) {
                    group++;
                    at = 0;
                    validTo = part.storedLongs(group, VersionsSchema.VALID_TO);
                    isAll(group, VersionsSchema.PART_START, file.start());
                    isAll(group, VersionsSchema.PART_END, file.end());
                }
                // Readers look at the next row; engines at this column.
                if (validTo[at++] != row.validTo()) {
                    problem("a version of " + row.key() + " is not valid until the next one");
                }
                boolean isSameKey = row.key().equals(key);
                if (!isSameKey && key != null && key.compareTo(row.key()) > 0) {
                    problem(row.key() + " comes after " + key);
                }
                if (isSameKey && row.isCarry()) {
                    problem(row.key() + " is carried over after it changed");
                }
                if (!row.isCarry() && (row.observedAt() < file.start() || row.observedAt() > file.end())) {
                    problem("a change of " + row.key() + " lies outside of the part's time");
                }
                key = row.key();
            }
        }
        return count;
    }

    private void isAll(int group, String column, long expected) {
        if (Arrays.stream(part.storedLongs(group, column)).anyMatch(value -> value != expected)) {
            problem("its rows have another " + column + " than itself");
        }
    }

    private void problem(String what) {
        problems.accept(file.path() + " contradicts itself: " + what + ".");
    }

    private void readBody(PartVersion version) {
        byte[] body = version.body();
        if (body.length != version.bodyLength()) {
            throw new TraversionException(file.path() + " is damaged: " + version.key() + " of version "
                    + version.resourceVersion() + " has " + body.length + " bytes instead of " + version.bodyLength()
                    + ".");
        }
    }

    /** Checks that what is carried over is what was alive at the end of the part before. */
    public void follows(PartReader before) throws IOException {
        try (VersionCursor alive = before.live();
                VersionCursor carried = part.carried()) {
            boolean hasAlive = alive.next();
            boolean hasCarried = carried.next();
            while (hasAlive || hasCarried) {
                int order = !hasAlive
                        ? 1
                        : !hasCarried
                                ? -1
                                : alive.current()
                                        .key()
                                        .compareTo(carried.current().key());
                if (order < 0) {
                    doesNotFollow(alive, "does not carry over", before);
                } else if (order > 0) {
                    doesNotFollow(carried, "carries over what was not alive,", before);
                } else if (!isSame((PartVersion) alive.current(), (PartVersion) carried.current())) {
                    doesNotFollow(carried, "carries over another version of", before);
                }
                hasAlive = order <= 0 ? alive.next() : hasAlive;
                hasCarried = order >= 0 ? carried.next() : hasCarried;
            }
        }
    }

    private void doesNotFollow(VersionCursor cursor, String how, PartReader before) {
        problems.accept(
                file.path() + " " + how + " " + cursor.current().key() + ", though it follows " + before.name() + ".");
    }

    private static boolean isSame(PartVersion alive, PartVersion carried) {
        return alive.resourceVersion().equals(carried.resourceVersion())
                && alive.uid().equals(carried.uid())
                && alive.observedAt() == carried.observedAt()
                && Arrays.equals(alive.body(), carried.body());
    }
}
