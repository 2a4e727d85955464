/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;

/**
 * Takes lines out of a container runtime's log, {@code <RFC 3339 time> <stdout|stderr> <P|F> <content>}: parts (P) are joined with what ends
 * them (F), per stream. It may be fed any pieces of the file, in order. Of a line no more than {@link #MOST_LINE} bytes are held. For one
 * thread.
 */
final class CriLines {

    /** Bytes of a line that are kept. */
    static final int MOST_LINE = 64 << 10;

    /** Time, stream and tag are shorter. */
    private static final int MOST_HEADER = 128;

    private static final long SECOND = 1_000_000_000L;

    /** What comes out. */
    interface Sink {
        /**
         * A whole line.
         *
         * @param logged UTC ns, of its first part
         * @param stream stdout or stderr
         * @param bytes the line without its end
         * @param cut how many bytes are missing at its end
         * @param position after it
         */
        void line(long logged, String stream, byte[] bytes, long cut, long position);

        /** Something that is no line of a log. */
        void malformed(long bytes, long position);
    }

    /** A line that is not complete. */
    private static final class Pending {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        private long logged;
        private long cut;
        private boolean isBegun;

        void add(byte[] from, int offset, int length) {
            int kept = Math.min(length, MOST_LINE - bytes.size());
            bytes.write(from, offset, kept);
            cut += length - kept;
        }

        void clear() {
            bytes.reset();
            cut = 0;
            isBegun = false;
        }
    }

    private final Sink sink;
    private final Pending out = new Pending();
    private final Pending err = new Pending();
    private final byte[] header = new byte[MOST_HEADER];
    private int headerLength;
    private int spaces;

    /** Of the record being read; null until its header is read, or if it has none. */
    private Pending current;

    private boolean isMalformed;
    private boolean isPart;
    private long recordBytes;

    CriLines(Sink sink) {
        this.sink = sink;
    }

    /** Whether nothing is held: reading can begin again here. */
    boolean isBetweenLines() {
        return recordBytes == 0 && !out.isBegun && !err.isBegun;
    }

    /**
     * Goes on.
     *
     * @param position of the first byte
     */
    void feed(byte[] bytes, int length, long position) {
        int at = 0;
        while (at < length) {
            int end = at;
            while (end < length && bytes[end] != '\n') {
                end++;
            }
            recordBytes += end - at;
            piece(bytes, at, end);
            if (end < length) {
                recordBytes++;
                endRecord(position + end + 1);
                end++;
            }
            at = end;
        }
    }

    /** What is held of lines is given up: the file goes on elsewhere. */
    void clear() {
        out.clear();
        err.clear();
        beginRecord();
    }

    private void piece(byte[] bytes, int from, int to) {
        int at = from;
        while (current == null && !isMalformed && at < to) {
            if (headerLength == MOST_HEADER) {
                isMalformed = true;
                return;
            }
            byte next = bytes[at++];
            header[headerLength++] = next;
            if (next == ' ' && ++spaces == 3) {
                readHeader();
            }
        }
        if (current != null) {
            current.add(bytes, at, to - at);
        }
    }

    private void readHeader() {
        String[] parts = new String(header, 0, headerLength, StandardCharsets.UTF_8).split(" ", 4);
        boolean isKnown = parts.length >= 3 && (parts[1].equals("stdout") || parts[1].equals("stderr"));
        String tag = isKnown ? parts[2].split(":", 2)[0] : "";
        if (!tag.equals("P") && !tag.equals("F")) {
            isMalformed = true;
            return;
        }
        long logged;
        try {
            Instant time = OffsetDateTime.parse(parts[0]).toInstant();
            logged = Math.addExact(Math.multiplyExact(time.getEpochSecond(), SECOND), time.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            isMalformed = true;
            return;
        }
        isPart = tag.equals("P");
        current = parts[1].equals("stdout") ? out : err;
        if (!current.isBegun) {
            current.isBegun = true;
            current.logged = logged;
        }
    }

    private void endRecord(long position) {
        if (current == null && !isMalformed) {
            // An empty line without the space before it.
            readHeader();
        }
        if (current == null) {
            sink.malformed(recordBytes, position);
        } else if (!isPart) {
            Pending line = current;
            byte[] kept = line.cut == 0 ? line.bytes.toByteArray() : whole(line.bytes.toByteArray());
            long cut = line.cut + line.bytes.size() - kept.length;
            long logged = line.logged;
            line.clear();
            beginRecord();
            sink.line(logged, line == out ? "stdout" : "stderr", kept, cut, position);
            return;
        }
        beginRecord();
    }

    private void beginRecord() {
        current = null;
        isMalformed = false;
        headerLength = 0;
        spaces = 0;
        recordBytes = 0;
    }

    /** Without the beginning of a character at its end. */
    private static byte[] whole(byte[] bytes) {
        int end = bytes.length;
        for (int back = 1; back <= 4 && back <= bytes.length; back++) {
            int lead = bytes[bytes.length - back] & 0xff;
            if ((lead & 0xC0) != 0x80) {
                int length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
                end = length > back ? bytes.length - back : bytes.length;
                break;
            }
        }
        return Arrays.copyOf(bytes, end);
    }
}
