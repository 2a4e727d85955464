/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.util.concurrent.CompletableFuture;

/**
 * Where observed changes go. Safe for concurrent use; the changes of one type must come from one thread at a time, in order.
 */
public interface RecordingSink extends AutoCloseable {

    /**
     * Queues a change. Blocks while the queue is full: this is the back-pressure on the watches.
     *
     * @throws TraversionException if the recording can no longer be written (disk full, store gone for too long)
     */
    void append(Change change) throws InterruptedException;

    /** Queues a statement about completeness, in order with the changes around it. Blocks like {@link #append}. */
    void mark(CoverageMark mark) throws InterruptedException;

    /** Completes once everything queued before this call is on disk and synced: only then it counts as recorded. */
    CompletableFuture<Void> synced();

    /** What has been written so far. */
    RecordingProgress progress();

    /** Syncs, seals the tail and commits it. */
    @Override
    void close();
}
