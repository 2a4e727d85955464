/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static dev.traversion.archive.landing.LandingTable.BLOCK_IO;

import dev.traversion.archive.landing.RowBlock;

/** Rows of block devices. For one thread. */
final class BlockRows {

    private static final int TIME = BLOCK_IO.column("time");
    private static final int KIND = BLOCK_IO.column("kind");
    private static final int DEVICE = BLOCK_IO.column("device");
    private static final int OPERATION = BLOCK_IO.column("operation");
    private static final int BYTES = BLOCK_IO.column("bytes");
    private static final int QUEUED = BLOCK_IO.column("queued");
    private static final int SERVED = BLOCK_IO.column("served");
    private static final int FAILED = BLOCK_IO.column("failed");
    private static final int AT_LEAST_US = BLOCK_IO.column("at_least_us");
    private static final int REQUESTS = BLOCK_IO.column("requests");
    private static final String[] OPERATIONS = {"read", "write", "flush", "other"};
    private static final int BUCKETS = 32;

    private long[] told = new long[OPERATIONS.length * BUCKETS];

    void slow(RowBlock row, EventData data) {
        row.set(TIME, data.longAt(Layouts.Event.TIME));
        row.set(KIND, "slow");
        row.set(DEVICE, data.intAt(Layouts.Block.MAJOR) + ":" + data.intAt(Layouts.Block.MINOR));
        row.set(OPERATION, OPERATIONS[data.intAt(Layouts.Block.OPERATION) & 3]);
        row.set(BYTES, data.intAt(Layouts.Block.LENGTH));
        row.set(QUEUED, data.longAt(Layouts.Block.QUEUED_NS));
        row.set(SERVED, data.longAt(Layouts.Block.SERVED_NS));
        row.set(FAILED, data.intAt(Layouts.Block.FAILED));
        row.endRow();
    }

    void histogram(RowSink rows, long time, long[] counts) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > told[i]) {
                RowBlock row = rows.block(BLOCK_IO);
                row.set(TIME, time);
                row.set(KIND, "histogram");
                row.set(OPERATION, OPERATIONS[i / BUCKETS]);
                row.set(AT_LEAST_US, 1L << i % BUCKETS);
                row.set(REQUESTS, counts[i] - told[i]);
                row.endRow();
            }
        }
        if (counts.length > 0) {
            told = counts;
        }
    }
}
