/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import java.util.Comparator;

/**
 * A recorder from its start to its end.
 *
 * @param writer the name of its log; stable over restarts
 * @param epoch of its log; a recorder that starts again, or was kept out, comes back with a greater one
 */
public record MemberId(String writer, long epoch) implements Comparable<MemberId> {

    private static final Comparator<MemberId> ORDER =
            Comparator.comparing(MemberId::writer).thenComparingLong(MemberId::epoch);

    @Override
    public int compareTo(MemberId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return writer + "/" + epoch;
    }
}
