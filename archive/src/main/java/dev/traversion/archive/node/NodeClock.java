/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Tells UTC from the boot clock of one start of a node's agent: by the last sample before a time, or the first one. */
final class NodeClock {

    // by the boot clock's time, how far UTC is ahead of it
    private final NavigableMap<Long, Long> offsets = new TreeMap<>();

    // where it was looked up last
    private long from = Long.MAX_VALUE;
    private long to;
    private long offset;

    void sample(long boot, long utc) {
        from = Long.MAX_VALUE;
        offsets.put(boot, utc - boot);
    }

    boolean isKnown() {
        return !offsets.isEmpty();
    }

    /** Only the last sample counts for what follows. */
    NodeClock last() {
        NodeClock last = new NodeClock();
        if (isKnown()) {
            last.offsets.put(offsets.lastKey(), offsets.lastEntry().getValue());
        }
        return last;
    }

    /** A time without end stays so, and one that is not known (0). */
    long utc(long boot) {
        if (boot == Long.MAX_VALUE || boot == 0) {
            return boot;
        }
        if (boot < from || boot >= to) {
            Map.Entry<Long, Long> before = offsets.floorEntry(boot);
            Long next = offsets.higherKey(boot);
            from = before == null ? Long.MIN_VALUE : before.getKey();
            to = next == null ? Long.MAX_VALUE : next;
            offset = (before == null ? offsets.firstEntry() : before).getValue();
        }
        return boot + offset;
    }
}
