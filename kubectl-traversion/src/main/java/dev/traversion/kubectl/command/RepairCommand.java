/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.repair.Repair;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.terminal.Terminal;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion repair [LOCATION]}. */
@Command(
        name = "repair",
        sortOptions = false,
        description = {
            "Make a damaged recording whole again, with what is lost as gaps.",
            "",
            "What verify finds damaged is copied to quarantine/ in the recording and left out of it, in one sealed commit; its time"
                    + " becomes a gap with its reason. Nothing is made up, and nothing is deleted of which there is no copy. Stop"
                    + " the recorder first. Can be broken off at any time: the next run finishes.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion repair ./prod --dry-run",
            "  kubectl traversion repair s3://recordings/prod -y",
            "",
            "Exit status: 0 it is whole now, or it was; 1 failed, or --dry-run found something to repair."
        })
final class RepairCommand extends Common implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|s3://BUCKET/PREFIX",
            defaultValue = "",
            description = "The recording. Without it: TRAVERSION_RECORDING, else the one recorded or opened last.")
    private String location;

    @Option(names = "--dry-run", description = "Only tell what would be done.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Mixin
    private OutputOption output;

    /** What is done, or was, of one cluster. */
    private record Repaired(String cluster, List<String> steps) {}

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        String place = Locations.choose(location, System.getenv(), new Memory(state()));
        List<Repaired> all = new ArrayList<>();
        try (Store store = Stores.open(place)) {
            for (String cluster : Recordings.clusters(store)) {
                RecordingOptions options = RecordingOptions.defaults();
                Repair repair = new Repair(
                        store,
                        cluster,
                        new LocalCopies(store, options.cache(), options.cacheBytes()),
                        state().directory("repair", cluster),
                        Clock.systemUTC());
                terminal.status("reading " + cluster);
                List<String> steps = repair.plan().steps();
                terminal.status("");
                if (output.isText()) {
                    tell(terminal, cluster, steps);
                }
                if (!steps.isEmpty() && !dryRun) {
                    agree();
                    terminal.status("repairing " + cluster);
                    steps = repair.run().steps();
                    terminal.status("");
                    if (output.isText()) {
                        terminal.out().println("It is repaired. What was damaged is in quarantine/.");
                    }
                }
                all.add(new Repaired(cluster, steps));
            }
        }
        if (!output.isText()) {
            write(terminal, all);
        }
        return dryRun && all.stream().anyMatch(each -> !each.steps.isEmpty()) ? Plugin.FAILED : 0;
    }

    private void agree() {
        if (yes) {
            return;
        }
        boolean agreed = Terminal.confirm("Repair it?")
                .orElseThrow(() -> new TraversionException(
                        "Nobody can be asked here whether to repair it. Give -y, or --dry-run to look."));
        if (!agreed) {
            throw new TraversionException("Nothing was changed.");
        }
    }

    private static void tell(Terminal terminal, String cluster, List<String> steps) {
        terminal.out().println("Cluster " + terminal.bold(cluster));
        if (steps.isEmpty()) {
            terminal.out().println("  Nothing to repair.");
        }
        steps.forEach(step -> terminal.out().println("  " + step));
    }

    private void write(Terminal terminal, List<Repaired> all) throws IOException {
        try (JsonGenerator document = output.open(terminal)) {
            document.writeStartArray();
            for (Repaired each : all) {
                document.writeStartObject();
                document.writeStringField("cluster", each.cluster);
                document.writeBooleanField("repaired", !dryRun && !each.steps.isEmpty());
                document.writeArrayFieldStart("steps");
                for (String step : each.steps) {
                    document.writeString(step);
                }
                document.writeEndArray();
                document.writeEndObject();
            }
            document.writeEndArray();
        }
        terminal.out().println();
    }
}
