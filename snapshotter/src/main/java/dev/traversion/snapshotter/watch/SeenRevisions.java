/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which of the latest revisions of etcd any stream has seen. Every revision is the change of one object, so one that nobody has seen
 * may be that of an object which came and went while nothing was watched. Safe for concurrent use.
 */
final class SeenRevisions {

    /** Revisions remembered, half a megabyte: some minutes of a busy cluster, and no more can be asked for. */
    private static final int WINDOW = 1 << 18;

    private final short[] owners = new short[WINDOW];
    private final Map<ResourceType, Short> types = new HashMap<>();
    private long newest;
    private boolean ambiguous;
    private volatile Others others;

    /** Other recorders, which watch other types. */
    interface Others {
        /** Adds the revisions they have seen after one. */
        void tell(long after) throws IOException;
    }

    void others(Others all) {
        others = all;
    }

    /** Learns what other recorders have seen, if there are any. */
    void askOthers(long after) throws IOException {
        if (others != null) {
            others.tell(after);
        }
    }

    /** Notes that a revision changed an object of a type. */
    synchronized void add(ResourceType type, long revision) {
        if (revision <= newest - WINDOW || revision <= 0) {
            return;
        }
        for (long skipped = Math.max(newest + 1, revision - WINDOW + 1); skipped <= revision; skipped++) {
            owners[index(skipped)] = 0;
        }
        newest = Math.max(newest, revision);
        short owner = types.computeIfAbsent(type, each -> (short) (types.size() + 1));
        short before = owners[index(revision)];
        // Two objects cannot share a revision of one etcd: some types (Events, often) are kept in another.
        ambiguous |= before != 0 && before != owner;
        owners[index(revision)] = owner;
    }

    /** Takes back that a revision changed an object of a type. */
    synchronized void forget(ResourceType type, long revision) {
        Short owner = types.get(type);
        boolean isKept = revision > newest - WINDOW && revision <= newest;
        if (owner != null && isKept && owners[index(revision)] == owner) {
            owners[index(revision)] = 0;
        }
    }

    /**
     * The latest revision in {@code (after, until]} nobody has seen.
     *
     * @return 0 if there is none
     */
    synchronized long lastUnseen(long after, long until) {
        for (long revision = until; revision > after; revision--) {
            if (!isSeen(revision)) {
                return revision;
            }
        }
        return 0;
    }

    /** How many revisions in {@code (after, until]} nobody has seen; empty if that cannot be told. */
    synchronized OptionalInt unseen(long after, long until) {
        if (ambiguous || until - after >= WINDOW) {
            return OptionalInt.empty();
        }
        int unseen = 0;
        for (long revision = after + 1; revision <= until; revision++) {
            unseen += isSeen(revision) ? 0 : 1;
        }
        return OptionalInt.of(unseen);
    }

    private boolean isSeen(long revision) {
        return revision <= newest && revision > newest - WINDOW && owners[index(revision)] != 0;
    }

    private static int index(long revision) {
        return (int) (revision & (WINDOW - 1));
    }
}
