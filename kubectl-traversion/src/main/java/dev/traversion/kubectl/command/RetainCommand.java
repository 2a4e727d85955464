/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.retention.Limits;
import dev.traversion.archive.retention.Retention;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion retain [LOCATION]}. */
@Command(
        name = "retain",
        sortOptions = false,
        description = {
            "Forget the oldest parts of a recording, until it is within the limits.",
            "",
            "Whole parts go, oldest first, never the newest one and never one that a pinned moment needs. What was forgotten is a"
                    + " gap with its reason. Can run while the recording is being made, and can be broken off at any time: the next"
                    + " run finishes.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion retain ./prod --keep 14d --dry-run",
            "  kubectl traversion retain s3://recordings/prod --keep 30d --keep-size 50Gi"
        })
final class RetainCommand extends Common implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|s3://BUCKET/PREFIX",
            defaultValue = "",
            description = "The recording. Without it: TRAVERSION_RECORDING, else the one recorded or opened last.")
    private String location;

    @Mixin
    private KeepOptions keep;

    @Option(names = "--dry-run", description = "Only tell what would be forgotten.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        Limits limits = limits();
        String place = Locations.choose(location, System.getenv(), new Memory(state()));
        try (Store store = Stores.open(place)) {
            for (String cluster : Recordings.clusters(store)) {
                RecordingOptions options = RecordingOptions.defaults();
                Retention retention = new Retention(
                        store,
                        new Layout(cluster),
                        new LocalCopies(store, options.cache(), options.cacheBytes()),
                        state().directory("retention", cluster),
                        Clock.systemUTC());
                terminal.status("forgetting");
                Retention.Plan plan = dryRun ? retention.plan(limits) : retention.run(limits);
                terminal.status("");
                tell(terminal, cluster, plan);
            }
        }
        return 0;
    }

    private Limits limits() {
        Limits limits = keep.limits();
        if (limits.equals(Limits.NONE)) {
            throw new TraversionException("Nothing says how much to keep. Give --keep, --keep-size or --keep-share.");
        }
        return limits;
    }

    private void tell(Terminal terminal, String cluster, Retention.Plan plan) {
        terminal.out().println("Cluster " + terminal.bold(cluster));
        if (!plan.pinned().isEmpty()) {
            terminal.out().println("  " + plan.pinned().size() + " parts beyond the limits are kept because of a pin.");
        }
        if (plan.parts().isEmpty()) {
            terminal.out().println("  Nothing to forget: " + plan.keptParts() + " parts are kept.");
            return;
        }
        terminal.out()
                .println("  " + (dryRun ? "Would forget " : "Forgot ")
                        + plan.parts().size() + " parts, "
                        + (plan.bytes() + 1023) / 1024 + " KiB ("
                        + String.join("; ", plan.reasons().stream().distinct().toList()) + "). " + plan.keptParts()
                        + " parts are kept, from " + MomentText.full(Times.instant(plan.start())) + " on.");
    }
}
