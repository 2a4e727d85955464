/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.archive.verify.Verification;
import dev.traversion.archive.verify.VerifyReport;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.terminal.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion verify [LOCATION]}. */
@Command(
        name = "verify",
        sortOptions = false,
        description = {
            "Read a whole recording, and tell whether it is what was written.",
            "",
            "Checks the chain of seals, each sealed file against its hash, every row of every part, and the log that is not sealed"
                    + " yet. Changes nothing, and can run while the recording is being made.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion verify ./prod",
            "  kubectl traversion verify s3://recordings/prod",
            "",
            "Exit status: 0 it is whole, 1 something is damaged or cannot be read."
        })
final class VerifyCommand extends Common implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|FILE.trv|s3://BUCKET/PREFIX",
            defaultValue = "",
            description = "The recording. Without it: TRAVERSION_RECORDING, else the one recorded or opened last.")
    private String location;

    @Override
    public Integer call() throws IOException {
        configureLogging();
        Terminal terminal = terminal();
        String place = Locations.choose(location, System.getenv(), new Memory(state()));
        boolean isWhole = true;
        try (Store store = Stores.open(place)) {
            RecordingOptions options = RecordingOptions.defaults();
            for (String cluster : Recordings.clusters(store)) {
                LocalCopies copies = new LocalCopies(store, options.cache(), options.cacheBytes());
                VerifyReport report = new Verification(store, cluster, copies, terminal::status).run();
                terminal.status("");
                tell(terminal, cluster, report);
                isWhole &= report.isWhole();
            }
        }
        return isWhole ? 0 : Plugin.FAILED;
    }

    private static void tell(Terminal terminal, String cluster, VerifyReport report) {
        terminal.out().println("Cluster " + terminal.bold(cluster));
        for (List<String> line : List.of(
                List.of("seals", report.seals() + " read"),
                List.of("files", report.files() + " sealed ones read, " + report.fileBytes() / 1024 + " KiB"),
                List.of("parts", report.parts() + " read, with " + report.versions() + " versions"),
                List.of(
                        "log",
                        report.segments() + " segments that are not sealed yet, with " + report.unsealedChanges()
                                + " changes"))) {
            terminal.out().println("  %-6s %s".formatted(line.getFirst(), line.getLast()));
        }
        report.notes().forEach(note -> terminal.out().println("  note   " + note));
        report.damages().forEach(damage -> terminal.error(damage));
        terminal.out()
                .println(
                        report.isWhole()
                                ? "It is what was written."
                                : "It is damaged: see " + report.damages().size() + " above.");
    }
}
