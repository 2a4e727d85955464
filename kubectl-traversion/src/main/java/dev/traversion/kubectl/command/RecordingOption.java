/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.state.StateDirectory;
import java.time.ZoneId;
import java.time.ZoneOffset;
import picocli.CommandLine.Option;

/** Which recording, and how times are meant. */
final class RecordingOption {

    @Option(
            names = "--from",
            paramLabel = "DIR|FILE.trv|s3://BUCKET/PREFIX",
            defaultValue = "",
            description = "The recording. Without it: TRAVERSION_RECORDING, else the one recorded or opened last."
                    + " Commands that only read (at, rewind, diff, timeline, why, play, status, export, console, events, flows, top, query, pins)"
                    + " ask the server of the past in the cluster before that, if there is one.")
    private String from;

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            defaultValue = "",
            description = "The cluster, by its id or the beginning of it, where a recording holds several.")
    private String cluster;

    @Option(names = "--utc", description = "Times without a zone are UTC, not local.")
    private boolean utc;

    String location(StateDirectory state) {
        return Locations.choose(from, System.getenv(), new Memory(state));
    }

    /** Whether the user names a recording, or one of the clusters in it. */
    boolean isNamed() {
        return Locations.named(from, System.getenv()).isPresent() || !cluster.isEmpty();
    }

    String cluster() {
        return cluster;
    }

    ZoneId zone() {
        return utc ? ZoneOffset.UTC : ZoneId.systemDefault();
    }
}
