/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Times;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion pin NAME A..B}. */
@Command(
        name = "pin",
        sortOptions = false,
        description = {
            "Pin a stretch of a recording, so that retention keeps it: for a postmortem, or, with --hold, as a legal hold, of which"
                    + " nothing may be erased either.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion pin outage-42 14:00..14:30 --reason 'postmortem of the outage'",
            "  kubectl traversion pin case-7 2026-01-31..2026-02-02 --hold --reason 'court order'",
            "  kubectl traversion unpin outage-42",
            "",
            "What the operator records is kept by a Snapshot: kubectl explain snapshots.traversion.dev.spec"
        })
final class PinCommand extends Common implements Callable<Integer> {

    @Mixin
    private RecordingOption recording;

    @Option(names = "--reason", defaultValue = "", description = "Why, for whoever finds the pin.")
    private String reason;

    @Option(names = "--hold", description = "A legal hold: nothing of that time may be erased.")
    private boolean hold;

    @Parameters(index = "0", paramLabel = "NAME", description = "A name for the pin.")
    private String name;

    @Parameters(index = "1", paramLabel = "A..B", description = "The stretch, from one moment to another.")
    private String range;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        requireOwn(recording);
        String place = recording.location(state());
        try (OpenRecording opened = new OpenRecording(place, recording.cluster());
                Store store = Stores.open(place)) {
            Stretch stretch = Stretch.of(range, time -> opened.resolve(time, recording.zone(), ""));
            Pin pin = new Pin(
                    name,
                    Times.nanos(stretch.from()),
                    Times.nanos(stretch.to()),
                    reason,
                    Instant.now().toString(),
                    hold);
            new Pins(store, new Layout(opened.history().clusterId())).add(pin);
            terminal()
                    .out()
                    .println((hold ? "Holding " : "Pinned ") + MomentText.full(stretch.from()) + " to "
                            + MomentText.full(stretch.to()) + " as " + name + ".");
        }
        return 0;
    }
}
