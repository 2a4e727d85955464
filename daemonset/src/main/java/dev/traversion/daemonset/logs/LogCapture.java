/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import dev.traversion.archive.TraversionException;
import dev.traversion.daemonset.event.RowSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Follows the logs of the containers of a node: {@link #find} what there is, {@link #read} on as often as wished, and {@link #keep} how far
 * after the rows are on the disk. Memory: a line a log. For one thread.
 */
public final class LogCapture implements AutoCloseable {

    private static final long MILLI = 1_000_000;

    private record Followed(ContainerLog log, LogTail tail, LogRows rows) {}

    private final LogOptions options;
    private final LogFolders folders;
    private final LogPositions file;
    private final Map<ContainerLog.Key, LogPosition> earlier;
    private final Map<ContainerLog.Key, Followed> followed = new HashMap<>();
    private final Queue<ContainerLog.Key> waiting = new ArrayDeque<>();
    private final byte[] buffer = new byte[64 << 10];
    private final LogRows.Target target;
    private final LongSupplier utc;
    private final long began;
    private LogRules rules;
    private volatile String problem = "";

    /**
     * Goes on where an earlier one has ended, or was killed.
     *
     * @param landed the node's folder of rows
     * @param clock the boot clock, ns
     * @param utc ns
     */
    public LogCapture(LogOptions options, Path landed, LongSupplier clock, LongSupplier utc) throws IOException {
        this.options = options;
        this.folders = new LogFolders(options.folder());
        this.file = new LogPositions(options.positions());
        this.earlier = file.load(landed);
        this.target = new LogRows.Target(clock);
        this.utc = utc;
        this.began = utc.getAsLong() / MILLI;
    }

    /** Why logs are not recorded just now; {@code ""} if they are. For any thread. */
    public String problem() {
        return problem;
    }

    /** Looks at what logs there are now. */
    public void find(RowSink sink) {
        try {
            rules = options.rules().current();
            target.into(sink, rules.masking());
            List<ContainerLog> logs = folders.find(rules::isWanted);
            follow(logs, sink);
            problem("", sink);
        } catch (TraversionException e) {
            rules = null;
            problem(e.getMessage(), sink);
        } catch (IOException e) {
            problem("Cannot read the logs in " + options.folder() + ": " + e, sink);
        }
    }

    private void problem(String now, RowSink sink) {
        if (!now.isEmpty() && !now.equals(problem)) {
            LogRows.gap(sink, target.time(), 0, now);
        }
        problem = now;
    }

    private void follow(List<ContainerLog> logs, RowSink sink) throws IOException {
        Set<ContainerLog.Key> there = new HashSet<>();
        waiting.clear();
        for (ContainerLog log : logs) {
            there.add(log.key());
            Followed before = followed.get(log.key());
            Followed now = before == null ? begin(log) : new Followed(log, before.tail(), before.rows());
            followed.put(log.key(), now);
            waiting.add(log.key());
        }
        for (ContainerLog.Key key : List.copyOf(followed.keySet())) {
            if (!there.contains(key)) {
                Followed gone = followed.remove(key);
                try (LogTail tail = gone.tail()) {
                    if (rules.isWanted(gone.log().namespace())) {
                        tail.readRest(buffer);
                    }
                }
            }
        }
        for (ContainerLog.Key key : List.copyOf(earlier.keySet())) {
            earlier.remove(key);
            String name = "pod " + key.podUid() + ", container " + key.container();
            LogRows.gap(sink, target.time(), 0, name + ": its log was removed while no agent read it");
        }
    }

    private Followed begin(ContainerLog log) {
        LogPosition from = earlier.remove(log.key());
        LogPosition position = from == null ? new LogPosition(0, 0, 0, 0, 0) : from;
        LogRows rows = new LogRows(log, position.taken(), target);
        if (from == null) {
            rows.begin(utc.getAsLong());
        }
        return new Followed(log, new LogTail(position, began, rows), rows);
    }

    /**
     * Goes on with what was found.
     *
     * @param most bytes; a little more may be read
     */
    public void read(RowSink sink, int most) {
        if (rules == null) {
            return;
        }
        target.into(sink, rules.masking());
        for (int read = 0; read < most && !waiting.isEmpty(); ) {
            read += read(waiting.remove());
        }
    }

    private int read(ContainerLog.Key key) {
        Followed each = followed.get(key);
        long before = each.tail().position();
        try {
            each.tail()
                    .read(each.log(), buffer, options.containerBytes(), options.mostBehind(), utc.getAsLong() / MILLI);
        } catch (IOException e) {
            each.rows().lost(0, "cannot be read: " + e);
        }
        return (int) Math.max(0, each.tail().position() - before);
    }

    /** Keeps how far logs were read. To be called when their rows are on the disk. */
    public void keep() {
        Map<ContainerLog.Key, LogPosition> positions = new HashMap<>(earlier);
        followed.forEach((key, each) ->
                positions.put(key, each.tail().safe().taken(each.rows().taken())));
        try {
            file.keep(positions);
        } catch (IOException e) {
            // What is read again after a restart then has been taken before, as the rows on the disk say.
            problem = "Cannot keep how far logs were read: " + e;
        }
    }

    @Override
    public void close() {
        try {
            for (Followed each : followed.values()) {
                each.tail().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
