/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.logs;

import dev.traversion.archive.node.NodeRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * A line that was recorded.
 *
 * @param order when it was read on the node: lines of a container are in that order
 * @param logged UTC ns
 * @param stream stdout or stderr
 * @param cut how many bytes at its end are not recorded
 */
public record LogLine(long order, long logged, String stream, String text, long cut) {

    /** As the kubelet writes it. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);

    private static final long SECOND = 1_000_000_000L;

    /** What a line of a container is known by. */
    record Written(long logged, String stream, String text) {}

    Written written() {
        return new Written(logged, stream, text);
    }

    /**
     * Whether an equal line is the same one. An agent without the spool of the one before reads the files that are there from their
     * beginning. Runtimes may give lines that are written together the same time, so equal ones are the same only if they were read apart.
     */
    boolean isReadAgain(LogLine equal) {
        return Math.abs(order - equal.order) >= SECOND;
    }

    static LogLine of(NodeRow row) {
        return new LogLine(row.time(), row.number("logged"), row.text("stream"), row.text("line"), row.number("cut"));
    }

    /** What {@code kubectl logs} prints of it, its end included. */
    byte[] bytes(boolean timestamp) {
        String time = timestamp ? time(logged) + " " : "";
        return (time + shown() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The text, and whether it was cut. */
    public String shown() {
        return cut == 0 ? text : text + " [traversion: " + cut + " more bytes of this line were not recorded]";
    }

    static String time(long nanos) {
        return TIME.format(Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND)));
    }
}
