/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.kubectl.time.TimeParser;
import java.time.Instant;
import picocli.CommandLine.Option;

/** The stretch of time around a moment. */
final class Around {

    @Option(names = "--at", paramLabel = "TIME", defaultValue = "now", description = "The moment. Without it: now.")
    private String at;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            defaultValue = "10m",
            description = "How far before it to begin, such as 1h. Without it: 10m.")
    private String since;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "1m",
            description = "How far after it to end. Without it: 1m.")
    private String after;

    /**
     * From and to.
     *
     * @param from inclusive
     * @param to exclusive
     */
    record Bounds(Instant from, Instant to) {}

    /** What to say if nothing was found. */
    String hint() {
        return at.equals("now") ? " If the recording has ended, name a moment of it with --at." : "";
    }

    Bounds of(NodePast past, RecordingOption recording, String namespace) {
        // What nodes did may be newer than the last object that changed.
        Instant moment =
                at.equals("now") ? Instant.now() : past.resolve(TimeParser.parse(at), recording.zone(), namespace);
        return new Bounds(moment.minus(TimeParser.parseDuration(since)), moment.plus(TimeParser.parseDuration(after)));
    }
}
