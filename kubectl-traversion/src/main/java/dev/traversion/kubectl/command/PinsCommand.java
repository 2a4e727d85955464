/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Times;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code kubectl traversion pins}. */
@Command(
        name = "pins",
        sortOptions = false,
        description = {"List the pins of a recording: what retention keeps, and why.", ""})
final class PinsCommand extends Common implements Callable<Integer> {

    @Mixin
    private RecordingOption recording;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        String place = recording.location(state());
        try (OpenRecording opened = new OpenRecording(place, recording.cluster());
                Store store = Stores.open(place)) {
            List<Pin> pins = new Pins(store, new Layout(opened.history().clusterId())).all();
            if (pins.isEmpty()) {
                terminal.out().println("No pins.");
            }
            for (Pin pin : pins) {
                terminal.out()
                        .println((terminal.bold(pin.name()) + "  " + MomentText.full(Times.instant(pin.from())) + " to "
                                        + MomentText.full(Times.instant(pin.to()))
                                        + (pin.hold() ? "  legal hold  " : "  ")
                                        + pin.reason())
                                .strip());
            }
        }
        return 0;
    }
}
