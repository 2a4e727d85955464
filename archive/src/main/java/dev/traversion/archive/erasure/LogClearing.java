/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import dev.traversion.archive.Layout;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.denial.Denials;
import dev.traversion.archive.denial.Omissions;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.Committed;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.wal.WalFollower;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * Has the log sealed, so that what is denied is in it no more. A recorder that is running does it within seconds of a denial; where
 * none runs, it is done here.
 */
final class LogClearing {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LIVE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 500;

    private final Store store;
    private final Layout layout;
    private final CommitLog commits;
    private final WriterOptions options;

    LogClearing(Store store, Layout layout, CommitLog commits, WriterOptions options) {
        this.store = store;
        this.layout = layout;
        this.commits = commits;
        this.options = options;
    }

    /** Gives whether what was there until now of what is denied is gone from the log. */
    boolean clear(Denials denials) throws IOException {
        long now = Times.nanos(options.clock().instant());
        Omissions omissions = denials.omissions(List.of());
        Predicate<ObjectVersion> denied = version -> !version.equals(omissions.of(version));
        long end = System.nanoTime() + PATIENCE.toNanos();
        boolean isSealed = false;
        while (firstHeld(denied.and(version -> version.observedAt() <= now)).isPresent()) {
            if (!isSealed && !isLive(now)) {
                isSealed = seal();
            }
            if (System.nanoTime() - end > 0 || !pause()) {
                return false;
            }
        }
        return true;
    }

    /** When the first of such versions that the log holds was observed, ns. */
    OptionalLong firstHeld(Predicate<ObjectVersion> wanted) throws IOException {
        OptionalLong first = OptionalLong.empty();
        try (WalFollower wal = follow()) {
            VersionCursor changes = wal.tail().sorted();
            while (changes.next()) {
                long at = changes.current().observedAt();
                if ((first.isEmpty() || at < first.getAsLong()) && wanted.test(changes.current())) {
                    first = OptionalLong.of(at);
                }
            }
        }
        return first;
    }

    private WalFollower follow() throws IOException {
        while (true) {
            Committed committed = commits.load();
            WalFollower wal = new WalFollower(store, layout.wal());
            try {
                wal.poll(committed.sealed(), null);
                return wal;
            } catch (NoSuchFileException e) {
                // Sealed meanwhile.
                wal.close();
                System.getLogger(LogClearing.class.getName()).log(System.Logger.Level.DEBUG, "sealed meanwhile", e);
            }
        }
    }

    /** A log on this machine is locked by its recorder; of one elsewhere, only its age tells. */
    private boolean isLive(long now) throws IOException {
        if (store.local(layout.wal()).isPresent()) {
            return false;
        }
        try (WalFollower wal = follow()) {
            return wal.lastTime() > now - LIVE.toNanos();
        }
    }

    /** Gives whether it was possible: else somebody records. */
    private boolean seal() throws IOException {
        RecordingWriter writer;
        try {
            writer = RecordingWriter.open(store, layout.clusterId(), options);
        } catch (TraversionException e) {
            System.getLogger(LogClearing.class.getName()).log(System.Logger.Level.DEBUG, "somebody records", e);
            return false;
        }
        writer.close();
        return true;
    }

    private static boolean pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
