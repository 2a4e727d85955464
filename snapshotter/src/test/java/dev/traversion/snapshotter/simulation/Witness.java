/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.RecordingSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/** Stands before a recording and notes what it has acknowledged. */
final class Witness implements RecordingSink {

    private final RecordingSink sink;
    private final List<Change> acknowledged;
    private final Semaphore changed = new Semaphore(0);
    private List<Change> appended = new ArrayList<>();

    /** @param acknowledged where what is acknowledged is noted */
    Witness(RecordingSink sink, List<Change> acknowledged) {
        this.sink = sink;
        this.acknowledged = acknowledged;
    }

    @Override
    public void append(Change change) throws InterruptedException {
        sink.append(change);
        appended.add(change);
        changed.release();
    }

    /** Waits until there is something to acknowledge. */
    void awaitChange() throws InterruptedException {
        changed.acquire();
        changed.drainPermits();
    }

    @Override
    public void mark(CoverageMark mark) throws InterruptedException {
        sink.mark(mark);
    }

    /** Waits until everything appended so far is acknowledged. */
    void acknowledge() throws InterruptedException {
        List<Change> before = appended;
        appended = new ArrayList<>();
        try {
            sink.synced().get();
            acknowledged.addAll(before);
        } catch (ExecutionException e) {
            // The recorder said that it failed: nothing was acknowledged.
            before.clear();
        }
    }

    @Override
    public CompletableFuture<Void> synced() {
        return sink.synced();
    }

    @Override
    public RecordingProgress progress() {
        return sink.progress();
    }

    @Override
    public void close() {
        sink.close();
    }
}
