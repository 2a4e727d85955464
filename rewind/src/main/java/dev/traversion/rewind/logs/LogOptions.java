/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.logs;

import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * What of a log is asked for: PodLogOptions of Kubernetes.
 *
 * @param container {@code ""} if none is named
 * @param stream stdout or stderr; {@code ""} for both
 * @param since only lines from that time on, ns UTC
 * @param tailLines only so many at the end; -1 for all
 * @param limitBytes no more; -1 for no limit
 */
record LogOptions(
        String container,
        String stream,
        boolean follow,
        boolean previous,
        boolean timestamps,
        long since,
        long tailLines,
        long limitBytes) {

    private static final long SECOND = 1_000_000_000L;

    /**
     * Reads the query of a request.
     *
     * @param pod for messages
     * @param now the moment, ns UTC
     * @throws StatusFailure as the API server refuses what makes no sense
     */
    static LogOptions of(Exchange exchange, String pod, long now) {
        long sinceSeconds = number(exchange, pod, "sinceSeconds", 1);
        String sinceTime = exchange.query("sinceTime");
        if (sinceSeconds >= 0 && !sinceTime.isEmpty()) {
            throw invalid(pod, "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified");
        }
        long since = sinceSeconds >= 0 ? now - Math.min(sinceSeconds, now / SECOND) * SECOND : Long.MIN_VALUE;
        String stream = exchange.query("stream");
        if (!stream.isEmpty() && !stream.equals("All") && !stream.equals("Stdout") && !stream.equals("Stderr")) {
            throw invalid(
                    pod,
                    "stream: Unsupported value: \"" + stream + "\": supported values: \"All\", \"Stderr\", \"Stdout\"");
        }
        return new LogOptions(
                exchange.query("container"),
                stream.equals("Stdout") ? "stdout" : stream.equals("Stderr") ? "stderr" : "",
                flag(exchange, "follow"),
                flag(exchange, "previous"),
                flag(exchange, "timestamps"),
                sinceTime.isEmpty() ? since : time(sinceTime),
                number(exchange, pod, "tailLines", 0),
                number(exchange, pod, "limitBytes", 1));
    }

    private static boolean flag(Exchange exchange, String name) {
        String value = exchange.query(name);
        return value.equals("true")
                || value.equals("1")
                || (value.isEmpty() && exchange.queryNames().contains(name));
    }

    private static long number(Exchange exchange, String pod, String name, long least) {
        String text = exchange.query(name);
        if (text.isEmpty()) {
            return -1;
        }
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw StatusFailure.badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
        if (value < least) {
            throw invalid(
                    pod,
                    name + ": Invalid value: " + value + ": must be greater than "
                            + (least == 0 ? "or equal to 0" : "0"));
        }
        return value;
    }

    private static long time(String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return Math.addExact(Math.multiplyExact(time.getEpochSecond(), SECOND), time.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            throw StatusFailure.badRequest("sinceTime " + text + " is no time such as 2026-11-26T14:03:00Z");
        }
    }

    private static StatusFailure invalid(String pod, String why) {
        return StatusFailure.invalid("PodLogOptions", pod, why);
    }
}
