/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.archive.verify.Verification;
import dev.traversion.archive.verify.VerifyDocument;
import dev.traversion.archive.verify.VerifyReport;
import dev.traversion.kubectl.incluster.ClusterPast;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
            "  kubectl traversion verify",
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
            description =
                    "The recording. Without it: TRAVERSION_RECORDING, else that of the server of the past in the cluster, if"
                            + " there is one, which reads it then; else the one recorded or opened last.")
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
    record Compared(String cluster, long seed, LiveReport report) {

        private ObjectNode document() {
            ObjectNode document = JsonNodeFactory.instance
                    .objectNode()
                    .put("seed", Long.toString(seed))
                    .put("lists", report.moments())
                    .put("objects", report.objects())
                    .put("differing", report.differing())
                    .put("tooOld", report.tooOld())
                    .put("inGaps", report.inGaps());
            report.differences().forEach(document.putArray("differences")::add);
            report.notes().forEach(document.putArray("notes")::add);
            return document;
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        if (samples < 1) {
            throw new TraversionException("--samples is " + samples + ". Give a number from 1 on.");
        }
        Terminal terminal = terminal();
        boolean isNamed = Locations.named(location, System.getenv()).isPresent();
        Optional<ClusterPast> server = inCluster(isNamed, Kubeconfigs.of(kubeconfig, System.getenv()), context);
        if (server.isPresent() && live) {
            throw new TraversionException(
                    "--live compares a recording that is read here, and the cluster's server of the past does"
                            + " not. Name the recording: kubectl traversion verify s3://BUCKET/PREFIX --live (where it is: kubectl get"
                            + " recordings -o wide). Without --live the server checks that it is what was written.");
        }
        List<ObjectNode> reports = new ArrayList<>();
        boolean isWell = server.isPresent()
                ? tell(terminal, reports, server.get().check(terminal::status), null)
                : stored(terminal, reports);
        if (!output.isText()) {
            try (JsonGenerator document = output.open(terminal)) {
                Documents.write(document, reports, report -> report);
            }
            terminal.out().println();
        }
        return isWell ? 0 : Plugin.FAILED;
    }

    private boolean stored(Terminal terminal, List<ObjectNode> reports) throws IOException, InterruptedException {
        boolean isWell = true;
        try (Store store = Stores.open(Locations.choose(location, System.getenv(), new Memory(state())))) {
            List<String> clusters = Recordings.clusters(store);
            Compared compared = live ? compare(terminal, store, clusters) : null;
            for (String cluster : clusters) {
                RecordingOptions options = RecordingOptions.defaults();
                LocalCopies copies = new LocalCopies(store, options.cache(), options.cacheBytes());
                VerifyReport report = new Verification(store, cluster, copies, terminal::status).run();
                Compared own = compared != null && compared.cluster.equals(cluster) ? compared : null;
                isWell &= tell(terminal, reports, VerifyDocument.of(cluster, report), own);
            }
        }
        return isWell;
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

    /** Whether nothing is wrong. */
    private boolean tell(Terminal terminal, List<ObjectNode> reports, ObjectNode report, Compared compared) {
        terminal.status("");
        if (output.isText()) {
            new VerifyText(terminal, report).print(compared);
        } else {
            if (compared != null) {
                report.set("live", compared.document());
            }
            reports.add(report);
        }
        return report.path("whole").asBoolean() && (compared == null || compared.report.differing() == 0);
    }
}
