/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.server.OpenRecording;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion unpin NAME}. */
@Command(
        name = "unpin",
        sortOptions = false,
        description = {"Remove a pin: retention may forget what it kept.", ""})
final class UnpinCommand extends Common implements Callable<Integer> {

    @Mixin
    private RecordingOption recording;

    @Parameters(index = "0", paramLabel = "NAME", description = "The pin.")
    private String name;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        requireOwn(recording);
        String place = recording.location(state());
        try (OpenRecording opened = new OpenRecording(place, recording.cluster());
                Store store = Stores.open(place)) {
            new Pins(store, new Layout(opened.history().clusterId())).remove(name);
            terminal().out().println("Unpinned " + name + ".");
        }
        return 0;
    }
}
