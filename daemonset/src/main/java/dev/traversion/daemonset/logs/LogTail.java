/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Reads one log through all its files. A file that is open is read to its end whatever becomes of its name. For one thread.
 */
final class LogTail implements AutoCloseable {

    private static final int MOST_SEARCHED = 64 << 10;

    /** What comes out, beside lines. */
    interface Sink extends CriLines.Sink {
        /**
         * Something was not read.
         *
         * @param bytes how much; 0 if that is not known
         */
        void lost(long bytes, String reason);

        /** Whether the next line cannot be understood without those before it. */
        boolean isWithin();
    }

    private final Sink sink;
    private final CriLines lines;
    private final long since;
    private LogPosition safe;
    private FileChannel file;
    private long inode;
    private long offset;
    private long position;
    private boolean isFinished;

    /**
     * Begins or goes on.
     *
     * @param from how far it was read
     * @param since ms since 1970: of a log that was never read, files that were done before are left out
     */
    LogTail(LogPosition from, long since, Sink sink) {
        this.sink = sink;
        this.lines = new CriLines(sink);
        this.since = since;
        this.safe = from;
        this.inode = from.inode();
        this.offset = from.offset();
        this.position = from.position();
    }

    /** Where another reader can go on. */
    LogPosition safe() {
        return safe;
    }

    /**
     * Goes on.
     *
     * @param log as it was found just now
     * @param most bytes that are read
     * @param mostBehind bytes that may wait
     * @param now ms since 1970
     */
    void read(ContainerLog log, byte[] buffer, int most, long mostBehind, long now) throws IOException {
        skip(log, mostBehind);
        int left = most;
        while (left > 0) {
            if (file == null && !open(log)) {
                break;
            }
            int read = file.read(ByteBuffer.wrap(buffer, 0, Math.min(buffer.length, left)), offset);
            if (read > 0) {
                left -= read;
                lines.feed(buffer, read, position);
                offset += read;
                position += read;
                if (isSafe()) {
                    safe = new LogPosition(inode, offset, position, safe.taken(), now);
                }
            } else if (file.size() < offset) {
                sink.lost(0, "its file was cut short while it was read");
                lines.clear();
                offset = 0;
            } else if (log.files().getLast().inode() == inode) {
                break;
            } else {
                finish();
            }
        }
    }

    /** Reads what there still is of a log that was removed. */
    void readRest(byte[] buffer) throws IOException {
        while (file != null) {
            int read = file.read(ByteBuffer.wrap(buffer), offset);
            if (read <= 0) {
                finish();
            } else {
                lines.feed(buffer, read, position);
                offset += read;
                position += read;
            }
        }
    }

    private boolean isSafe() {
        return lines.isBetweenLines() && !sink.isWithin();
    }

    /** How many bytes were read, those of earlier readers included. */
    long position() {
        return position;
    }

    private void finish() throws IOException {
        file.close();
        file = null;
        isFinished = true;
    }

    /** Opens the file in which reading goes on; false if there is none. */
    private boolean open(ContainerLog log) throws IOException {
        List<LogFile> files = log.files();
        int known = indexOf(files, inode);
        int next;
        if (known >= 0) {
            next = isFinished ? known + 1 : known;
        } else {
            if (inode != 0 && !isFinished) {
                sink.lost(0, "its file was rotated away before it was read to its end");
                lines.clear();
            }
            next = firstSince(files, inode == 0 ? since : safe.read());
            if (inode == 0 && (next > 0 || log.isLonger())) {
                long bytes =
                        files.subList(0, next).stream().mapToLong(LogFile::size).sum();
                sink.lost(bytes, "what was rotated before an agent saw it first is not read");
            }
        }
        if (next >= files.size()) {
            return false;
        }
        LogFile chosen = files.get(next);
        try {
            file = FileChannel.open(chosen.path(), StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            // Rotated since it was found: the next look finds it under its other name.
            return false;
        }
        if (LogFile.of(chosen.path()).inode() != chosen.inode()) {
            file.close();
            file = null;
            return false;
        }
        if (next != known) {
            offset = 0;
        } else if (offset > 0 && !isAfterLine()) {
            sink.lost(0, "its file is another one than the one that was read before");
            lines.clear();
            offset = 0;
        }
        inode = chosen.inode();
        isFinished = false;
        if (isSafe()) {
            safe = new LogPosition(inode, offset, position, safe.taken(), safe.read());
        }
        return true;
    }

    private boolean isAfterLine() throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return file.size() < offset || (file.read(last, offset - 1) == 1 && last.get(0) == '\n');
    }

    private static int indexOf(List<LogFile> files, long inode) {
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).inode() == inode) {
                return i;
            }
        }
        return -1;
    }

    private static int firstSince(List<LogFile> files, long time) {
        int first = 0;
        while (first < files.size() - 1 && files.get(first).modified() < time) {
            first++;
        }
        return first;
    }

    /** Leaves out what is oldest if too much waits. */
    private void skip(ContainerLog log, long mostBehind) throws IOException {
        List<LogFile> files = log.files();
        int known = indexOf(files, inode);
        if (known < 0) {
            return;
        }
        long behind = -offset;
        for (int i = known; i < files.size(); i++) {
            behind += files.get(i).size();
        }
        if (behind <= mostBehind) {
            return;
        }
        LogFile last = files.getLast();
        FileChannel opened = FileChannel.open(last.path(), StandardOpenOption.READ);
        if (file != null) {
            file.close();
        }
        file = opened;
        boolean isSame = last.inode() == inode;
        inode = last.inode();
        isFinished = false;
        lines.clear();
        offset = lineAfter(Math.max(isSame ? offset : 0, last.size() - mostBehind / 2));
        long skipped = behind - (last.size() - offset);
        position += skipped;
        safe = new LogPosition(inode, offset, position, safe.taken(), safe.read());
        sink.lost(skipped, "it was written to faster than it may be recorded");
    }

    /** The beginning of the first line at or after an offset of the file. */
    private long lineAfter(long at) throws IOException {
        if (at == 0) {
            return 0;
        }
        ByteBuffer bytes = ByteBuffer.allocate(MOST_SEARCHED);
        int read = file.read(bytes, at - 1);
        for (int i = 0; i < read; i++) {
            if (bytes.get(i) == '\n') {
                return at + i;
            }
        }
        return at;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
