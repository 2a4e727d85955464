/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.compaction;

import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.seal.NewPart;
import java.util.ArrayList;
import java.util.List;

/**
 * Which parts are worth being packed into one: those of a day, up to a size. The newest part is left alone, since the next one
 * continues it.
 *
 * <p>A day's parts are packed when the day is over, or when at least half of what would be written was not packed yet: so each change
 * is rewritten a few times at most, however often this is done.
 */
final class PartGroups {

    /** The state at a moment is found by going through the part, so there is an end to its size. */
    static final long MOST_ROWS = 3_000_000;

    static final long MOST_BYTES = 512L << 20;

    private static final long DAY = 86_400_000_000_000L;

    private PartGroups() {}

    /**
     * @param parts all of a recording, oldest first
     * @param cutoff only parts that end by then, ns
     */
    static List<List<PartFile>> of(List<PartFile> parts, long cutoff) {
        List<List<PartFile>> worth = new ArrayList<>();
        int at = 0;
        while (at < parts.size() - 1 && parts.get(at).end() <= cutoff) {
            int end = at + 1;
            long rows = parts.get(at).rows();
            long bytes = parts.get(at).bytes();
            boolean isOpen = false;
            while (end < parts.size()) {
                PartFile next = parts.get(end);
                rows += next.rows();
                bytes += next.bytes();
                if (rows > MOST_ROWS || bytes > MOST_BYTES || !belongs(parts.get(at), parts.get(end - 1), next)) {
                    break;
                }
                isOpen = end == parts.size() - 1 || next.end() > cutoff;
                if (isOpen) {
                    break;
                }
                end++;
            }
            List<PartFile> group = List.copyOf(parts.subList(at, end));
            if (isWorth(group, isOpen)) {
                worth.add(group);
            }
            at = end;
        }
        return worth;
    }

    /** Between parts that do not touch, another was forgotten. */
    private static boolean belongs(PartFile first, PartFile last, PartFile next) {
        return next.start() <= last.end() && Math.floorDiv(next.start(), DAY) == Math.floorDiv(first.start(), DAY);
    }

    private static boolean isWorth(List<PartFile> group, boolean isOpen) {
        if (group.size() == 1) {
            return !isOpen && !NewPart.isPacked(group.getFirst());
        }
        long fresh = group.stream()
                .filter(part -> !NewPart.isPacked(part))
                .mapToLong(PartFile::rows)
                .sum();
        long all = group.stream().mapToLong(PartFile::rows).sum();
        return !isOpen || fresh * 2 >= all;
    }
}
