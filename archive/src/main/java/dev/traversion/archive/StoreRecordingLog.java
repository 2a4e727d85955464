/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.coverage.Coverage;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.Committed;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.wal.WalFollower;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Follows a recording in its store: the commits, and the log of what is not sealed. */
public final class StoreRecordingLog implements RecordingLog {

    /** A recorder marks its progress every second; after so long without a mark it is not there any more. */
    private static final Duration LIVE = Duration.ofSeconds(6);

    private static final int ATTEMPTS = 5;

    private final CommitLog commits;
    private final WalFollower wal;
    private final Clock clock;
    private final String location;
    private RecordingState state;
    private Committed committed;

    /** @param copies of the same store */
    public StoreRecordingLog(Store store, Layout layout, LocalCopies copies, Clock clock) {
        this.commits = new CommitLog(store, layout, copies);
        this.wal = new WalFollower(store, layout.wal());
        this.clock = clock;
        this.location = store.location();
    }

    @Override
    public synchronized RecordingState load() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return loadOnce();
            } catch (NoSuchFileException e) {
                // A segment that was sealed and deleted between the look at the commits and the look at the log.
                if (attempt == ATTEMPTS) {
                    throw new IOException(
                            location + " has no " + e.getMessage()
                                    + ", or changed faster than it could be read. If it stays so, restore the file from a copy.",
                            e);
                }
            }
        }
    }

    private RecordingState loadOnce() throws IOException {
        Committed now = commits.load();
        boolean grown = wal.poll(now.sealed(), null);
        boolean live = isLive();
        if (state != null && !grown && now.commit() == committed.commit() && live == state.live()) {
            return state;
        }
        // A seal between the two looks moved changes from the log, where they are missed now, to a part which is not
        // known yet.
        Committed after = commits.load();
        if (after.commit() != now.commit()) {
            throw new NoSuchFileException(location);
        }
        List<CoverageInterval> coverage = new ArrayList<>(now.coverage());
        coverage.addAll(wal.coverage().intervals(Long.MAX_VALUE, live));
        List<PartFile> parts = now.parts();
        long start = parts.isEmpty() ? wal.firstTime() : parts.getFirst().start();
        long end = Math.max(parts.isEmpty() ? Long.MIN_VALUE : parts.getLast().end(), wal.lastTime());
        committed = now;
        state = new RecordingState(parts, wal.tail(), Coverage.merge(coverage), start, end, live);
        return state;
    }

    private boolean isLive() {
        Instant now = clock.instant();
        long nanos = Times.nanos(now);
        return wal.lastTime() > nanos - LIVE.toNanos();
    }

    @Override
    public synchronized void close() {
        try {
            wal.close();
        } catch (IOException e) {
            System.getLogger(StoreRecordingLog.class.getName())
                    .log(System.Logger.Level.DEBUG, "closing the log of " + location, e);
        }
    }
}
