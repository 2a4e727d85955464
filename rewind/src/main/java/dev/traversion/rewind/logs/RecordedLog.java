/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.logs;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeRow;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What is recorded of a log in a stretch of time: of too much, the end. For one thread.
 */
public final class RecordedLog implements Consumer<NodeRow> {

    /** The stream of what says that a log is followed from here on. */
    static final String BEGIN = "begin";

    /** A log that has no line yet is found a little later than it was begun. */
    private static final long FOUND = 10_000_000_000L;

    /** Bytes of lines that are held, about. */
    private static final long MOST_BYTES = 64 << 20;

    private static final int OVERHEAD = 64;

    /**
     * Of one start of a container.
     *
     * @param stream {@code ""} for all
     */
    public record Source(String podUid, String container, long restart, String stream) {

        private boolean isOf(NodeRow row) {
            return row.number("restart") == restart && row.text("container").equals(container);
        }
    }

    private final Predicate<NodeRow> isWanted;
    private final String stream;
    private final long from;
    private final long to;
    private final long mostLines;
    private final List<LogLine> lines = new ArrayList<>();
    private long bytes;
    private boolean isFollowed;
    private boolean isCut;

    private RecordedLog(Predicate<NodeRow> isWanted, String stream, long from, long to, long mostLines) {
        this.isWanted = isWanted;
        this.stream = stream;
        this.from = from;
        this.to = to;
        this.mostLines = mostLines;
    }

    /**
     * Reads it.
     *
     * @param from UTC ns, inclusive
     * @param to UTC ns, inclusive
     * @param mostLines only so many at the end; -1 for all
     */
    public static RecordedLog read(NodeTables tables, Source source, long from, long to, long mostLines)
            throws IOException {
        return tables.visit(
                LandingTable.LOGS,
                new NodeTables.Selection("logged", from, plus(to, FOUND), source.podUid()),
                () -> new RecordedLog(source::isOf, source.stream(), from, to, mostLines));
    }

    private static long plus(long time, long more) {
        return time > Long.MAX_VALUE - more ? Long.MAX_VALUE : time + more;
    }

    @Override
    public void accept(NodeRow row) {
        if (!isWanted.test(row)) {
            return;
        }
        isFollowed = true;
        String of = row.text("stream");
        long logged = row.number("logged");
        if (of.equals(BEGIN) || logged < from || logged > to || (!stream.isEmpty() && !of.equals(stream))) {
            return;
        }
        LogLine line = LogLine.of(row);
        lines.add(line);
        bytes += line.text().length() + OVERHEAD;
        if (bytes > 2 * MOST_BYTES || (mostLines >= 0 && lines.size() > 2 * mostLines + 1024)) {
            trim();
        }
    }

    private void trim() {
        lines.sort(Comparator.comparingLong(LogLine::order));
        dropReadAgain();
        int first = mostLines < 0 ? 0 : (int) Math.max(0, lines.size() - mostLines);
        long kept = 0;
        for (int i = lines.size() - 1; i >= first; i--) {
            kept += lines.get(i).text().length() + OVERHEAD;
            if (kept > MOST_BYTES) {
                isCut = true;
                first = i + 1;
            }
        }
        lines.subList(0, first).clear();
        bytes = Math.min(kept, MOST_BYTES);
    }

    private void dropReadAgain() {
        Map<LogLine.Written, LogLine> read = new HashMap<>();
        lines.removeIf(line -> {
            LogLine before = read.putIfAbsent(line.written(), line);
            return before != null && line.isReadAgain(before);
        });
    }

    /** Whether the log was recorded at all by then. */
    public boolean isFollowed() {
        return isFollowed;
    }

    /** Whether there is more than can be shown. */
    public boolean isCut() {
        return isCut;
    }

    /** In the order in which they were written. */
    public List<LogLine> lines() {
        trim();
        return lines;
    }
}
