/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.compaction.Compaction;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion compact [LOCATION]}. */
@Command(
        name = "compact",
        sortOptions = false,
        description = {
            "Pack old parts of a recording, so that they take less room.",
            "",
            "The parts of a day become one, compressed harder. Nothing that the recording answers changes. A recorder does the same"
                    + " with what is older than a day; this is for recordings that nobody records any more, or for those in a"
                    + " hurry. Can run while the recording is being made, and can be broken off at any time: the next run finishes.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion compact ./prod --dry-run",
            "  kubectl traversion compact s3://recordings/prod --older-than 2h"
        })
final class CompactCommand extends Common implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|s3://BUCKET/PREFIX",
            defaultValue = "",
            description = "The recording. Without it: TRAVERSION_RECORDING, else the one recorded or opened last.")
    private String location;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            defaultValue = "24h",
            description = "Pack parts that ended so long ago. Default: 24h.")
    private String olderThan;

    @Option(names = "--dry-run", description = "Only tell what would be packed.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        String place = Locations.choose(location, System.getenv(), new Memory(state()));
        try (Store store = Stores.open(place)) {
            for (String cluster : Recordings.clusters(store)) {
                RecordingOptions options = RecordingOptions.defaults();
                Compaction compaction = new Compaction(
                        store,
                        new Layout(cluster),
                        new LocalCopies(store, options.cache(), options.cacheBytes()),
                        state().directory("compaction", cluster),
                        Clock.systemUTC());
                terminal.status("packing");
                Compaction.Outcome outcome = dryRun
                        ? compaction.plan(TimeParser.parseDuration(olderThan))
                        : compaction.run(
                                TimeParser.parseDuration(olderThan),
                                versions -> terminal.status("packing: " + versions + " versions read"));
                terminal.status("");
                tell(terminal, cluster, outcome);
            }
        }
        return 0;
    }

    private void tell(Terminal terminal, String cluster, Compaction.Outcome outcome) {
        terminal.out().println("Cluster " + terminal.bold(cluster));
        outcome.keptApart().forEach(reason -> terminal.out().println("  Kept apart: " + reason + "."));
        int parts = outcome.before().size();
        if (parts == 0) {
            terminal.out().println("  Nothing to pack.");
            return;
        }
        String what = parts + (parts == 1 ? " part" : " parts") + " (" + kibibytes(outcome.bytesBefore()) + ") into "
                + outcome.groups();
        terminal.out()
                .println(
                        dryRun
                                ? "  Would pack " + what + "."
                                : "  Packed " + what + " (" + kibibytes(outcome.bytesAfter()) + ").");
    }

    private static String kibibytes(long bytes) {
        return (bytes + 1023) / 1024 + " KiB";
    }
}
