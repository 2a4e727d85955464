/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.archive.verify.Verification;
import dev.traversion.archive.verify.VerifyReport;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.record.ClusterAccess;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.snapshotter.api.ApiServer;
import dev.traversion.snapshotter.live.LiveCheck;
import dev.traversion.snapshotter.live.LiveReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion verify [LOCATION]}. */
@Command(
        name = "verify",
        sortOptions = false,
        description = {
            "Read a whole recording, and tell whether it is what was written.",
            "",
            "Checks the chain of seals, each sealed file against its hash, every row of every part, that parts go on where others"
                    + " ended, that coverage and changes agree, and the log that is not sealed yet. With --live it is also"
                    + " compared with its cluster: types and versions chosen at random with the API server's exact lists, byte for"
                    + " byte after masking, and every type as it is now. Changes nothing, and can run while the recording is being"
                    + " made.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion verify ./prod",
            "  kubectl traversion verify s3://recordings/prod -o json",
            "  kubectl traversion verify ./prod --live --samples 50",
            "",
            "Exit status: 0 it is whole, 1 something is damaged, differs or cannot be read. See also: kubectl traversion repair."
        })
final class VerifyCommand extends Common implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|FILE.trv|s3://BUCKET/PREFIX",
            defaultValue = "",
            description = "The recording. Without it: TRAVERSION_RECORDING, else the one recorded or opened last.")
    private String location;

    @Option(names = "--live", description = "Compare it with the cluster, too.")
    private boolean live;

    @Option(
            names = "--context",
            defaultValue = "",
            description = "The kubeconfig context of the cluster, for --live. Without it: the current one.")
    private String context;

    @Option(names = "--kubeconfig", paramLabel = "FILE", defaultValue = "", description = "The kubeconfig, for --live.")
    private String kubeconfig;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "The rules it is recorded with, for --live, if record has --rules.")
    private Path rulesFile;

    @Option(
            names = "--masking-key",
            paramLabel = "FILE",
            description = "The key it is recorded with, for --live. Without it: the one in the state directory.")
    private Path maskingKey;

    @Option(
            names = "--samples",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many lists of the past --live compares. Without it: 20.")
    private int samples;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "Let --live choose what it chose when it printed this seed, as far as that is still there.")
    private Long seed;

    @Mixin
    private OutputOption output;

    /** What is compared with a cluster. */
    private record Compared(String cluster, long seed, LiveReport report) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        if (samples < 1) {
            throw new TraversionException("--samples is " + samples + ". Give a number from 1 on.");
        }
        Terminal terminal = terminal();
        String place = Locations.choose(location, System.getenv(), new Memory(state()));
        boolean isWell = true;
        try (Store store = Stores.open(place);
                JsonGenerator document = output.isText() ? null : output.open(terminal)) {
            List<String> clusters = Recordings.clusters(store);
            Compared compared = live ? compare(terminal, store, clusters) : null;
            if (document != null) {
                document.writeStartArray();
            }
            for (String cluster : clusters) {
                RecordingOptions options = RecordingOptions.defaults();
                LocalCopies copies = new LocalCopies(store, options.cache(), options.cacheBytes());
                VerifyReport report = new Verification(store, cluster, copies, terminal::status).run();
                terminal.status("");
                Compared own = compared != null && compared.cluster.equals(cluster) ? compared : null;
                if (document == null) {
                    tell(terminal, cluster, report, own);
                } else {
                    write(document, cluster, report, own);
                }
                isWell &= report.isWhole() && (own == null || own.report.differing() == 0);
            }
            if (document != null) {
                document.writeEndArray();
            }
        }
        if (!output.isText()) {
            terminal.out().println();
        }
        return isWell ? 0 : Plugin.FAILED;
    }

    private Compared compare(Terminal terminal, Store store, List<String> clusters)
            throws IOException, InterruptedException {
        try (ClusterAccess access =
                ClusterAccess.of(Kubeconfigs.of(kubeconfig, System.getenv()), context, System.getenv())) {
            if (!clusters.contains(access.id())) {
                throw new TraversionException(store.location() + " has no recording of this cluster, " + access.id()
                        + "; it has " + String.join(", ", clusters) + ". Choose another with --context.");
            }
            long chosen = seed == null ? new Random().nextLong() : seed;
            RecordingRules rules = rulesFile == null ? RecordingRules.ALL : RecordingRules.read(rulesFile);
            Masking masking = Masking.of(
                    rules, MaskingKey.load(maskingKey == null ? state().resolve("masking.key") : maskingKey));
            try (ApiServer server = new ApiServer(access.client());
                    Recording recording = Recording.open(store, access.id(), RecordingOptions.defaults())) {
                LiveReport report = new LiveCheck(server, recording, masking, terminal::status).run(samples, chosen);
                return new Compared(access.id(), chosen, report);
            }
        }
    }

    private static void tell(Terminal terminal, String cluster, VerifyReport report, Compared compared) {
        terminal.out().println("Cluster " + terminal.bold(cluster));
        line(terminal, "seals", report.seals() + " read");
        line(terminal, "files", report.files() + " sealed ones read, " + report.fileBytes() / 1024 + " KiB");
        line(terminal, "parts", report.parts() + " read, with " + report.versions() + " versions");
        if (report.rows() > 0) {
            line(terminal, "nodes", report.rows() + " rows read of what happened on them");
        }
        line(
                terminal,
                "log",
                report.segments() + " segments that are not sealed yet, with " + report.unsealedChanges() + " changes");
        if (report.readers() > 0) {
            line(terminal, "reads", report.reads() + " on record, in " + report.readers() + " chains");
        }
        if (compared != null) {
            LiveReport live = compared.report;
            line(
                    terminal,
                    "live",
                    live.moments() + " lists compared, with " + live.objects() + " objects: " + live.differing()
                            + " differ (" + live.tooOld() + " moments too old for etcd, " + live.inGaps()
                            + " in gaps; --seed " + compared.seed + ")");
            live.notes().forEach(note -> line(terminal, "note", note));
        }
        report.notes().forEach(note -> line(terminal, "note", note));
        report.damages().forEach(terminal::error);
        boolean isSame = compared == null || compared.report.differing() == 0;
        if (!isSame) {
            compared.report.differences().forEach(terminal::error);
        }
        terminal.out()
                .println(
                        report.isWhole()
                                ? "It is what was written."
                                : "It is damaged: see " + report.damages().size() + " above.");
        if (compared != null) {
            terminal.out()
                    .println(
                            isSame
                                    ? "It is what the cluster says."
                                    : "It is not what the cluster says: " + compared.report.differing()
                                            + " objects differ.");
        }
    }

    private static void line(Terminal terminal, String what, String text) {
        terminal.out().println("  %-6s %s".formatted(what, text));
    }

    private static void write(JsonGenerator document, String cluster, VerifyReport report, Compared compared)
            throws IOException {
        document.writeStartObject();
        document.writeStringField("cluster", cluster);
        document.writeBooleanField("whole", report.isWhole());
        document.writeNumberField("seals", report.seals());
        document.writeNumberField("files", report.files());
        document.writeNumberField("bytes", report.fileBytes());
        document.writeNumberField("parts", report.parts());
        document.writeNumberField("versions", report.versions());
        document.writeNumberField("unsealedSegments", report.segments());
        document.writeNumberField("unsealedChanges", report.unsealedChanges());
        document.writeNumberField("nodeRows", report.rows());
        document.writeNumberField("reads", report.reads());
        document.writeArrayFieldStart("damages");
        for (VerifyReport.Damage damage : report.damagedFiles()) {
            document.writeStartObject();
            document.writeStringField("path", damage.path());
            document.writeStringField("what", damage.what());
            document.writeEndObject();
        }
        document.writeEndArray();
        strings(document, "notes", report.notes());
        if (compared != null) {
            LiveReport live = compared.report;
            document.writeObjectFieldStart("live");
            document.writeStringField("seed", Long.toString(compared.seed));
            document.writeNumberField("lists", live.moments());
            document.writeNumberField("objects", live.objects());
            document.writeNumberField("differing", live.differing());
            document.writeNumberField("tooOld", live.tooOld());
            document.writeNumberField("inGaps", live.inGaps());
            strings(document, "differences", live.differences());
            strings(document, "notes", live.notes());
            document.writeEndObject();
        }
        document.writeEndObject();
    }

    private static void strings(JsonGenerator document, String name, List<String> values) throws IOException {
        document.writeArrayFieldStart(name);
        for (String value : values) {
            document.writeString(value);
        }
        document.writeEndArray();
    }
}
