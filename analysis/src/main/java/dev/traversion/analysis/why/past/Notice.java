/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

/**
 * An Event, as far as rules look at it.
 *
 * @param version of the Event
 * @param first when it happened first, ns
 * @param last when it happened last by the end of the window, ns
 */
public record Notice(Version version, String reason, String message, boolean warning, long first, long last) {

    static Notice of(Version version) {
        String created = version.get("eventTime").asText("");
        String first = version.get("firstTimestamp").asText("");
        String last = version.get("series", "lastObservedTime").asText("");
        long begin = Version.time(first, Version.time(created, version.at()));
        return new Notice(
                version,
                version.get("reason").asText(),
                version.get("message").asText().strip(),
                version.get("type").asText().equals("Warning"),
                begin,
                Math.max(
                        begin,
                        Version.time(
                                last, Version.time(version.get("lastTimestamp").asText(""), begin))));
    }

    /** {@code Warning BackOff: ...}. */
    public String text() {
        return reason + ": " + message;
    }

    public Evidence evidence() {
        return new Evidence(Evidence.Type.EVENT, version, last, text());
    }
}
