/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import static dev.traversion.archive.landing.LandingTable.GAPS;
import static dev.traversion.archive.landing.LandingTable.LOGS;

import dev.traversion.archive.landing.RowBlock;
import dev.traversion.daemonset.event.RowSink;
import dev.traversion.masking.Masking;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;

/** Makes rows of what is read of one log, without its secrets. For one thread. */
final class LogRows implements LogTail.Sink {

    private static final String BEGIN = "begin";

    /** What rows need that changes from time to time, and is the same for all logs. */
    static final class Target {
        private final LongSupplier clock;
        private RowSink rows;
        private Masking masking;
        private long last;

        Target(LongSupplier clock) {
            this.clock = clock;
        }

        void into(RowSink sink, Masking rules) {
            rows = sink;
            masking = rules;
        }

        /** Of the boot clock; each is later than the one before, so that lines that are read at once keep their order. */
        long time() {
            last = Math.max(clock.getAsLong(), last + 1);
            return last;
        }
    }

    private final ContainerLog.Key key;
    private final String name;
    private final LineMasking out;
    private final LineMasking err;
    private final Target target;
    private long taken;

    LogRows(ContainerLog log, long taken, Target target) {
        this.key = log.key();
        this.name = log.name();
        this.out = new LineMasking(log.namespace());
        this.err = new LineMasking(log.namespace());
        this.target = target;
        this.taken = taken;
    }

    /** The position after the last line. */
    long taken() {
        return taken;
    }

    /**
     * From here on the container is followed.
     *
     * @param utc ns
     */
    void begin(long utc) {
        row(utc, BEGIN, new byte[0], 0, 0);
    }

    @Override
    public void line(long logged, String stream, byte[] bytes, long cut, long position) {
        String line = new String(bytes, StandardCharsets.UTF_8);
        // Also what was taken before: a key may begin in it.
        String masked = (stream.equals("stdout") ? out : err).mask(line, target.masking);
        if (position > taken) {
            row(logged, stream, masked.getBytes(StandardCharsets.UTF_8), cut, position);
            taken = position;
        }
    }

    @Override
    public boolean isWithin() {
        return out.isInKey() || err.isInKey();
    }

    private void row(long logged, String stream, byte[] line, long cut, long position) {
        RowBlock row = target.rows.block(LOGS);
        row.set(LOGS.column("time"), target.time());
        row.set(LOGS.column("logged"), logged);
        row.set(LOGS.column("pod_uid"), key.podUid());
        row.set(LOGS.column("container"), key.container());
        row.set(LOGS.column("restart"), key.restart());
        row.set(LOGS.column("stream"), stream);
        row.set(LOGS.column("line"), line);
        row.set(LOGS.column("cut"), cut);
        row.set(LOGS.column("position"), position);
        row.endRow();
    }

    @Override
    public void malformed(long bytes, long position) {
        if (position > taken) {
            lost(bytes, "a line is not as a container runtime writes them");
            taken = position;
        }
    }

    @Override
    public void lost(long bytes, String reason) {
        gap(target.rows, target.time(), bytes, name + ": " + reason);
    }

    /** Logs that are not recorded at a time, since when is not known. */
    static void gap(RowSink rows, long time, long bytes, String reason) {
        RowBlock row = rows.block(GAPS);
        row.set(GAPS.column("from_time"), time);
        row.set(GAPS.column("to_time"), time + 1);
        row.set(GAPS.column("kind"), "logs");
        row.set(GAPS.column("bytes"), bytes);
        row.set(GAPS.column("stage"), "agent");
        row.set(GAPS.column("reason"), reason);
        row.endRow();
    }
}
