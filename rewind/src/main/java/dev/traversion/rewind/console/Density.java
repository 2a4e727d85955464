/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When how much happened: the time and the sort of each change of a stretch, five bytes a change, to be counted in buckets of any
 * width. Immutable once it is filled.
 */
final class Density {

    static final int CHANGED = 0;
    static final int FAILED = 1;
    static final int DELETED = 2;
    static final int NORMAL = 3;
    static final int WARNING = 4;
    static final int SORTS = 5;

    private final long from;
    private int[] time = new int[256];
    private byte[] sort = new byte[256];
    private int count;

    /** @param from of the stretch, ns, exclusive; it may last 49 days */
    Density(long from) {
        this.from = from;
    }

    /** How many bytes it takes. */
    int size() {
        return time.length * 5;
    }

    void add(History history, ResourceType type, String namespace, long to) throws IOException {
        if (type.resource().equals("events")) {
            history.unorderedChanges(type, namespace, from, to, version -> {
                if (version.operation() != Operation.DELETED) {
                    add(version.observedAt(), Vitals.health(version) == Health.WARNING ? WARNING : NORMAL);
                }
                return true;
            });
            return;
        }
        Map<ObjectKey, Byte> before = new HashMap<>();
        history.unorderedChanges(type, namespace, from, to, version -> {
            byte health = Vitals.health(version);
            Byte known = before.put(version.key(), health);
            if (version.operation() == Operation.DELETED) {
                add(version.observedAt(), DELETED);
                return true;
            }
            boolean fails = health == Health.FAILED
                    && (known == null ? !failedBefore(history, version) : known != Health.FAILED);
            add(version.observedAt(), fails ? FAILED : CHANGED);
            return true;
        });
    }

    private static boolean failedBefore(History history, ObjectVersion version) throws IOException {
        Optional<ObjectVersion> before = history.get(version.key(), version.observedAt() - 1);
        return before.isPresent() && Vitals.health(before.get()) == Health.FAILED;
    }

    private void add(long at, int what) {
        if (count == time.length) {
            time = Arrays.copyOf(time, count * 2);
            sort = Arrays.copyOf(sort, count * 2);
        }
        time[count] = (int) (Millis.observed(at) - Millis.observed(from));
        sort[count++] = (byte) what;
    }

    /**
     * Counts what is in it.
     *
     * @param counts of each sort, in each bucket; what failed or was deleted was changed, too
     * @param begin of the first bucket, ms
     * @param width ms
     */
    void count(int[][] counts, long begin, long width) {
        long offset = Millis.observed(from) - begin;
        int buckets = counts[0].length;
        for (int i = 0; i < count; i++) {
            long at = offset + Integer.toUnsignedLong(time[i]);
            // What is rounded up to the end of a bucket belongs to it no more.
            int bucket = (int) Math.floorDiv(at, width);
            if (bucket >= 0 && bucket < buckets) {
                counts[sort[i]][bucket]++;
                if (sort[i] == FAILED || sort[i] == DELETED) {
                    counts[CHANGED][bucket]++;
                }
            }
        }
    }
}
