/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.Layout;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.kubectl.record.Target;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.snapshotter.imports.ClusterImport;
import dev.traversion.snapshotter.imports.ImportReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion import SOURCE --to LOCATION}. */
@Command(
        name = "import",
        sortOptions = false,
        description = {
            "Turn what was collected of a cluster into a recording: OpenShift must-gathers, kubectl cluster-info dump,"
                    + " audit logs.",
            "",
            "A folder, or a .tar, .tar.gz or .tar.xz of one. The objects of a must-gather or a dump become the state of the cluster"
                    + " at the moment it was made, and Events lie where they happened. Of audit logs (level RequestResponse, also"
                    + " rotated and compressed ones) every version they tell of is there when it was answered. Secret values are"
                    + " replaced by tokens before anything is written.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion import must-gather.tar.xz --to ./case-4711",
            "  kubectl traversion open ./case-4711",
            "  kubectl traversion import /var/log/kubernetes/audit --to ./prod",
            "  kubectl cluster-info dump -A --output-directory dump && kubectl traversion import dump --to ./prod",
            "",
            "Exit status: 0 everything was read; 1 something was damaged, and the rest is imported; 2 wrong usage."
        })
final class ImportCommand extends Common implements Callable<Integer> {

    private static final int NAMED = 10;
    private static final long PROGRESS_MILLIS = 200;

    @Parameters(arity = "1..*", paramLabel = "SOURCE", description = "Folders or archives.")
    private List<Path> sources;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR|s3://BUCKET/PREFIX",
            description = "Where to write the recording. One that is there gets the cluster added.")
    private String to;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            defaultValue = "",
            description = "The moment it shows, as RFC 3339. Without it: what the archive says.")
    private String time;

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            defaultValue = "",
            description =
                    "The id of the cluster. Without it: the uid of the namespace kube-system, else one made of the nodes.")
    private String cluster;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "What else is secret, as JSON: names, fields, detect, patterns, namespaces.")
    private Path rulesFile;

    private long shown;

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        Terminal terminal = terminal();
        Instant at = instant();
        if (!cluster.matches("[A-Za-z0-9.-]{0,100}")) {
            throw new TraversionException(
                    "\"" + cluster + "\" cannot be the id of a cluster: use letters, digits, dots and dashes.");
        }
        StateDirectory state = state();
        String location = Locations.absolute(to);
        RecordingRules rules = rulesFile == null ? RecordingRules.ALL : RecordingRules.read(rulesFile);
        Masking masking = Masking.of(rules, MaskingKey.load(state.resolve("masking.key")));
        boolean isWhole = true;
        try (Store store = Target.open(location)) {
            for (Path source : sources) {
                try (ClusterImport read = ClusterImport.read(
                        source,
                        at,
                        cluster,
                        masking,
                        state.directory("imports"),
                        (file, objects) -> progress(terminal, source, objects))) {
                    terminal.status("");
                    write(read, source, store, location, state, terminal);
                    isWhole &= problems(read.report(), terminal);
                }
            }
        }
        new Memory(state).rememberRecording(location);
        return isWhole ? 0 : Plugin.FAILED;
    }

    private Instant instant() {
        try {
            return time.isEmpty() ? null : OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            throw new TraversionException(
                    "\"" + time + "\" is not a moment: write --at as in 2026-01-31T14:03:22Z.", e);
        }
    }

    private void write(
            ClusterImport read, Path source, Store store, String location, StateDirectory state, Terminal terminal)
            throws IOException, InterruptedException {
        if (new Layout(read.clusterId()).exists(store)) {
            refuse(read, store, location);
        }
        WriterOptions options = WriterOptions.of("import", state.directory("writers", read.clusterId()));
        try (RecordingWriter writer = RecordingWriter.open(store, read.clusterId(), options)) {
            read.writeTo(writer);
        } catch (IOException | RuntimeException e) {
            forget(store, read.clusterId());
            throw new TraversionException(
                    "Cannot write the recording to " + location + ": " + e.getMessage()
                            + " What was written of it has been deleted again.",
                    e);
        }
        terminal.out().println("Imported " + source + ", " + read.summary());
    }

    /** A part of an import would look like all of it. */
    private static void forget(Store store, String clusterId) throws IOException {
        for (StoredFile file : store.list(new Layout(clusterId).root())) {
            store.delete(file.path());
        }
    }

    private static void refuse(ClusterImport read, Store store, String location) throws IOException {
        try (Recording recorded = Recording.open(store, read.clusterId(), RecordingOptions.defaults())) {
            throw new TraversionException(location + " already contains the cluster " + read.clusterId() + ", from "
                    + text(recorded.start()) + " to " + text(recorded.end())
                    + ". Nothing was changed. Import to another place, or under another id with --cluster.");
        }
    }

    private void progress(Terminal terminal, Path source, long objects) {
        long now = System.currentTimeMillis();
        if (now - shown >= PROGRESS_MILLIS) {
            shown = now;
            terminal.status(String.format(Locale.ROOT, "Reading %s: %,d objects", source.getFileName(), objects));
        }
    }

    /** Says what could not be read; whether there was nothing. */
    private static boolean problems(ImportReport report, Terminal terminal) {
        report.leftOut().forEach(sentence -> terminal.note("left out: " + sentence));
        List<String> damaged = report.damaged();
        damaged.stream().limit(NAMED).forEach(sentence -> terminal.error("not read: " + sentence));
        if (damaged.size() > NAMED) {
            terminal.error("and " + (damaged.size() - NAMED) + " more could not be read.");
        }
        return damaged.isEmpty();
    }

    private static String text(long nanos) {
        return MomentText.full(Times.instant(nanos).truncatedTo(ChronoUnit.SECONDS));
    }
}
