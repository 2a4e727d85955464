/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.spool;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.LandingWriter;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.daemonset.event.RowSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Rows on their way to the files of a node. Memory: one block a table. Disk: when the files have reached their limit, or the disk
 * takes no more, rows are shed, and counted: connections first, and the rest only if it is full; gaps find room always, except on a
 * disk that takes nothing. For one thread.
 */
public final class Spool implements RowSink, AutoCloseable {

    private static final long FULL_FILE = 8L << 20;
    private static final double FLOWS_SHARE = 0.9;
    private static final double LOGS_SHARE = 0.8;

    private final Path landing;
    private final String node;
    private final long epoch;
    private final long mostBytes;
    private final long fileNanos;
    private final Map<LandingTable, RowBlock> blocks = new EnumMap<>(LandingTable.class);
    private final Map<LandingTable, Long> shed = new EnumMap<>(LandingTable.class);
    private long sequence;
    private final AtomicLong closedBytes = new AtomicLong();
    private long fileBegan;
    private LandingWriter file;
    private Exception failure;

    /**
     * @param landing the folder of all nodes
     * @param epoch greater than those of earlier runs on the node
     * @param mostBytes the files of the node may have, those of earlier runs included
     * @param fileNanos after which a file is ended, that others may take it
     */
    public Spool(Path landing, String node, long epoch, long mostBytes, long fileNanos) throws IOException {
        this.landing = landing;
        this.node = node;
        this.epoch = epoch;
        this.mostBytes = mostBytes;
        this.fileNanos = fileNanos;
        for (LandingTable table : LandingTable.values()) {
            blocks.put(table, new RowBlock(table));
        }
        new LandingName(node, epoch, 0);
        closedBytes.set(bytesIn(landing.resolve(node)));
    }

    @Override
    public RowBlock block(LandingTable table) {
        RowBlock block = blocks.get(table);
        if (block.isFull()) {
            write(block);
        }
        return block;
    }

    /** Writes what is held to the disk. */
    public void flush(long now) {
        write();
        endFileIfDue(now);
    }

    /** Writes what is held to the disk, into the file there is. */
    public void write() {
        for (RowBlock block : blocks.values()) {
            write(block);
        }
        if (file == null) {
            return;
        }
        try {
            file.sync();
        } catch (IOException e) {
            failure = e;
        }
    }

    /** Ends the file if it is old or large enough, that others may take it. */
    public void endFileIfDue(long now) {
        if (file == null) {
            return;
        }
        if (fileBegan == 0) {
            fileBegan = now;
        }
        if (now - fileBegan > fileNanos || file.bytes() > FULL_FILE) {
            endFile();
        }
    }

    /** Whether logs may be added: they can wait where they are. */
    public boolean hasRoomForLogs() {
        return bytes() < mostBytes * LOGS_SHARE;
    }

    /** How many rows of a table were shed since it was last asked. */
    public long takeShed(LandingTable table) {
        Long rows = shed.remove(table);
        return rows == null ? 0 : rows;
    }

    /** Why rows were shed last, in words. */
    public String shedReason() {
        return failure == null ? "the spool is full" : "the disk takes no more: " + failure.getMessage();
    }

    /** Some of the files that were ended are elsewhere now. For any thread. */
    public void freed(long bytes) {
        closedBytes.addAndGet(-bytes);
    }

    /** Bytes of the node's files. */
    public long bytes() {
        return closedBytes.get() + (file == null ? 0 : file.bytes());
    }

    private void write(RowBlock block) {
        if (block.rows() == 0) {
            return;
        }
        double share = block.table() == LandingTable.FLOWS ? FLOWS_SHARE : 1;
        if (block.table() != LandingTable.GAPS && bytes() >= mostBytes * share) {
            failure = null;
            shed(block);
            return;
        }
        try {
            if (file == null) {
                file = new LandingWriter(landing, new LandingName(node, epoch, sequence++));
                fileBegan = 0;
            }
            file.append(block);
        } catch (IOException | TraversionException e) {
            failure = e;
            shed(block);
        }
    }

    private void shed(RowBlock block) {
        shed.merge(block.table(), (long) block.rows(), Long::sum);
        block.clear();
    }

    private void endFile() {
        LandingWriter ending = file;
        closedBytes.addAndGet(ending.bytes());
        file = null;
        try {
            ending.close();
        } catch (IOException e) {
            // A file without an end is read as far as it goes.
            failure = e;
        }
    }

    private static long bytesIn(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(each -> each.toFile().length()).sum();
        }
    }

    /** Writes what is held, and ends the file. */
    @Override
    public void close() {
        flush(fileBegan);
        if (file != null) {
            endFile();
        }
    }
}
