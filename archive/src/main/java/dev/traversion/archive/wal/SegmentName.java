/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a segment in the log of a writer.
 *
 * @param writer who wrote it; stable over restarts
 * @param epoch how often the writer had opened the recording
 * @param sequence counts the segments of an epoch from 0
 */
public record SegmentName(String writer, long epoch, long sequence) implements Comparable<SegmentName> {

    private static final Pattern PATH = Pattern.compile("(?:.*/)?wal/([^/]+)/(\\d{1,18})-(\\d{1,18})\\.twal");
    private static final long LAST = 999_999_999_999_999_999L;
    private static final Comparator<SegmentName> ORDER = Comparator.comparing(SegmentName::writer)
            .thenComparingLong(SegmentName::epoch)
            .thenComparingLong(SegmentName::sequence);

    /** The segment at a path in the store; empty if it is another file. */
    public static Optional<SegmentName> parse(String path) {
        Matcher matcher = PATH.matcher(path);
        return matcher.matches()
                ? Optional.of(new SegmentName(
                        matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3))))
                : Optional.empty();
    }

    /** A position behind every segment of the epoch. */
    public SegmentName lastOfEpoch() {
        return new SegmentName(writer, epoch, LAST);
    }

    /** {@code 00000003-00000012.twal} */
    public String fileName() {
        return String.format("%08d-%08d.twal", epoch, sequence);
    }

    /**
     * Whether no segment of the same writer's log lies in between, as far as the numbers tell: those of an epoch are without holes.
     *
     * @param before null if there is none
     */
    public boolean follows(SegmentName before) {
        return before == null || (epoch == before.epoch ? sequence == before.sequence + 1 : sequence == 0);
    }

    /** Whether everything in it comes before what follows {@code position} in the same writer's log. */
    public boolean isUpTo(SegmentName position) {
        return position != null && writer.equals(position.writer) && compareTo(position) <= 0;
    }

    @Override
    public int compareTo(SegmentName other) {
        return ORDER.compare(this, other);
    }
}
