/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.RecordingSink;
import java.util.concurrent.CompletableFuture;

/** Hands on what it gets; made to be broken. */
class ForwardingSink implements RecordingSink {

    private final RecordingSink to;

    ForwardingSink(RecordingSink to) {
        this.to = to;
    }

    @Override
    public void append(Change change) throws InterruptedException {
        to.append(change);
    }

    @Override
    public void mark(CoverageMark mark) throws InterruptedException {
        to.mark(mark);
    }

    @Override
    public CompletableFuture<Void> synced() {
        return to.synced();
    }

    @Override
    public RecordingProgress progress() {
        return to.progress();
    }

    @Override
    public void close() {
        to.close();
    }
}
