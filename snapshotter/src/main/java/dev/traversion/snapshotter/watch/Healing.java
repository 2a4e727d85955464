/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Finds every change of a resource between two revisions from exact lists: objects that are there at the end are walked back version
 * by version, deletions are found by bisection, and objects that came and went in between by counting at the revisions that nobody has
 * seen. For one thread.
 */
final class Healing {

    /**
     * A change that was missed.
     *
     * @param bodyAt the revision at which the object has the body: its own, or for a deletion the one before
     */
    record Step(ObjectKey key, long revision, Operation operation, long bodyAt) {}

    /** More than this is not walked back: the list that is made instead is less work for the API server. */
    static final int MOST_STEPS = 20_000;

    private final ExactLists lists;
    private final long after;
    private final long until;
    private final Map<ObjectKey, NavigableMap<Long, Step>> steps = new HashMap<>();
    private final NavigableMap<Long, Integer> countChanges = new TreeMap<>();
    private int found;

    /** Objects there were at {@link #after}; negative as long as nobody asked. */
    private long countBefore = -1;

    /**
     * @param after the revision up to which everything is recorded
     * @param until the revision to end with
     */
    Healing(ExactLists lists, long after, long until) {
        this.lists = lists;
        this.after = after;
        this.until = until;
    }

    /** Thrown if so much was missed that walking it back is no help. */
    static final class TooMuchException extends IOException {
        private static final long serialVersionUID = 1L;

        TooMuchException() {
            super("more than " + MOST_STEPS + " changes were missed");
        }
    }

    /**
     * Finds what changed of the objects that existed at one of both ends.
     *
     * @param known what existed at {@code after}
     */
    void walkBack(KnownObjects known) throws IOException, InterruptedException {
        Map<ObjectKey, ObjectMetadata> present = lists.objects(until);
        for (Map.Entry<ObjectKey, ObjectMetadata> object : present.entrySet()) {
            if (revision(object.getValue()) > after) {
                walkBack(object.getKey(), object.getValue(), known.get(object.getKey()) != null);
            }
        }
        for (ObjectKey key : known.keys()) {
            if (!present.containsKey(key)) {
                findDeletion(key, after, until);
            }
        }
    }

    /**
     * Finds what a revision that nobody has seen deleted, if it was an object of this resource that existed at none of both ends. All later
     * ones must have been asked for before.
     *
     * @return whether it was one
     */
    boolean findHidden(long revision) throws IOException, InterruptedException {
        if (countBefore < 0) {
            countBefore = lists.count(after);
        }
        long there = revision - 1;
        long expected = countBefore
                + countChanges.headMap(there, true).values().stream()
                        .mapToInt(Integer::intValue)
                        .sum();
        if (there <= after || lists.count(there) == expected) {
            return false;
        }
        boolean hidden = false;
        for (Map.Entry<ObjectKey, ObjectMetadata> object : lists.objects(there).entrySet()) {
            NavigableMap<Long, Step> life = steps.get(object.getKey());
            long changed = revision(object.getValue());
            if (changed > after && (life == null || !life.containsKey(changed))) {
                Long next = life == null ? null : life.higherKey(there);
                boolean isGone = lists.object(object.getKey(), revision) == null;
                long goneAt = next == null ? until : next - 1;
                findDeletion(object.getKey(), there, isGone ? revision : goneAt);
                hidden = true;
            }
        }
        return hidden;
    }

    /** All that was found, in the order in which it happened. */
    List<Step> steps() {
        List<Step> all = new ArrayList<>(found);
        steps.values().forEach(life -> all.addAll(life.values()));
        all.sort(Comparator.comparingLong(Step::revision));
        return all;
    }

    /** An object that is there at one revision and not at a later one was deleted in between. */
    private void findDeletion(ObjectKey key, long thereAt, long goneAt) throws IOException, InterruptedException {
        long there = thereAt;
        long gone = goneAt;
        while (gone - there > 1) {
            long middle = there + (gone - there) / 2;
            if (lists.object(key, middle) == null) {
                gone = middle;
            } else {
                there = middle;
            }
        }
        add(new Step(key, gone, Operation.DELETED, there), -1);
        if (there > after) {
            walkBack(key, lists.object(key, there), thereAt == after);
        }
    }

    /** From a version back to the one that is recorded, or to the object's creation. */
    private void walkBack(ObjectKey key, ObjectMetadata newest, boolean existedBefore)
            throws IOException, InterruptedException {
        ObjectMetadata version = newest;
        while (revision(version) > after) {
            long revision = revision(version);
            ObjectMetadata previous = lists.object(key, revision - 1);
            if (previous == null) {
                add(new Step(key, revision, Operation.ADDED, revision), 1);
                if (existedBefore) {
                    findDeletion(key, after, revision - 1);
                }
                return;
            }
            add(new Step(key, revision, Operation.MODIFIED, revision), 0);
            version = previous;
        }
    }

    private void add(Step step, int countChange) throws TooMuchException {
        if (++found > MOST_STEPS) {
            throw new TooMuchException();
        }
        steps.computeIfAbsent(step.key(), key -> new TreeMap<>()).put(step.revision(), step);
        if (countChange != 0) {
            countChanges.merge(step.revision(), countChange, Integer::sum);
        }
    }

    private static long revision(ObjectMetadata object) {
        return Long.parseLong(object.resourceVersion());
    }
}
