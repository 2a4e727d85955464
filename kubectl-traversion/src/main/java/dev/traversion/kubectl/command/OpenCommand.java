/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.kubeconfig.MomentContext;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.server.MomentRequest;
import dev.traversion.kubectl.server.MomentServer;
import dev.traversion.kubectl.state.Memory;
import dev.traversion.kubectl.state.PrivateFile;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.terminal.Browser;
import dev.traversion.kubectl.terminal.Program;
import dev.traversion.kubectl.terminal.Signals;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion open LOCATION}. */
@Command(
        name = "open",
        sortOptions = false,
        description = {
            "Serve a recording on this machine, for the browser, kubectl and any other client, until Ctrl-C.",
            "",
            "A recording that is still being made can be opened, too: its past begins about a second ago. Writes a kubeconfig"
                    + " with a context for each cluster (prod@now, and prod@TIME with --at); yours is left alone.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion open ./prod",
            "  kubectl traversion open s3://recordings/prod --at 14:03:22",
            "  kubectl traversion open ./prod --port 7443 --kubeconfig-out past.yaml",
            "  kubectl traversion open incident.trv",
            "",
            "S3 is reached as the AWS tools do: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL,",
            "or ~/.aws/credentials."
        })
final class OpenCommand extends Common implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|FILE.trv|s3://BUCKET/PREFIX",
            defaultValue = "",
            description = "The recording. Without it: TRAVERSION_RECORDING, else the one recorded or opened last.")
    private String location;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            defaultValue = "",
            description = "Make a context for this moment, and the current one.")
    private String time;

    @Option(
            names = "--cluster",
            paramLabel = "ID",
            defaultValue = "",
            description = "Only this cluster, by its id or the beginning of it. Without it: all there are.")
    private String cluster;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Where to listen, on loopback; 0: any free port.")
    private int port;

    @Option(names = "--kubeconfig-out", paramLabel = "FILE", description = "Where to write the kubeconfig.")
    private Path kubeconfig;

    @Option(names = "--no-browser", description = "Do not open the console in a browser.")
    private boolean noBrowser;

    @Option(names = "--utc", description = "Times without a zone are UTC, not local.")
    private boolean utc;

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        StateDirectory state = state();
        Memory memory = new Memory(state);
        String place = Locations.choose(location, System.getenv(), memory);
        Path file = kubeconfig != null
                ? kubeconfig.toAbsolutePath()
                : state.resolve("kubeconfigs", "open-" + ProcessHandle.current().pid() + ".yaml");
        try (MomentServer server =
                new MomentServer(place, cluster, port, false, Program.build(), state, Clock.systemUTC())) {
            memory.rememberRecording(place);
            Signals.onInterrupt(server::stop);
            List<MomentContext> contexts = new ArrayList<>();
            List<MomentAnswer> clusters = new ArrayList<>();
            for (String id : server.clusters()) {
                MomentAnswer now = ask(server, id, "");
                clusters.add(now);
                contexts.add(new MomentContext(
                        now.clusterName() + "@now",
                        server.movingUrl(id),
                        now.certificate(),
                        MomentContext.Login.byToken(now.token()),
                        now.namespace()));
                if (!time.isEmpty()) {
                    contexts.add(Moments.context(ask(server, id, time)));
                }
            }
            MomentContext current = contexts.get(time.isEmpty() ? 0 : 1);
            PrivateFile.write(file, MomentContext.kubeconfig(contexts, current.name()));
            show(terminal(), place, server, clusters, contexts, file);
            server.await();
            terminal().note("Closed.");
        } finally {
            if (kubeconfig == null) {
                Files.deleteIfExists(file);
            }
        }
        return 0;
    }

    private MomentAnswer ask(MomentServer server, String id, String moment) throws IOException {
        ZoneId zone = utc ? ZoneOffset.UTC : ZoneId.systemDefault();
        List<String> kubeconfigs = Kubeconfigs.of("", System.getenv()).files().stream()
                .filter(Files::isReadable)
                .map(Path::toString)
                .toList();
        return server.moment(new MomentRequest(moment, zone.getId(), id, "", "", kubeconfigs, List.of()));
    }

    private void show(
            Terminal terminal,
            String place,
            MomentServer server,
            List<MomentAnswer> clusters,
            List<MomentContext> contexts,
            Path file) {
        PrintStream out = terminal.out();
        Instant now = Instant.now();
        for (MomentAnswer each : clusters) {
            Instant start = each.start().truncatedTo(ChronoUnit.SECONDS);
            Instant end = each.end().truncatedTo(ChronoUnit.SECONDS);
            out.println("Cluster " + terminal.bold(each.clusterName()) + " (" + each.cluster() + "), recorded from "
                    + MomentText.full(start) + " to " + MomentText.full(end)
                    + (each.live()
                            ? ", still recording"
                            : " (" + MomentText.duration(java.time.Duration.between(each.start(), each.end()))
                                    + ", ended " + MomentText.ago(each.end(), now) + ")"));
        }
        out.println("Serving " + place + ", read-only, on https://127.0.0.1:" + server.port()
                + " until Ctrl-C. Try, elsewhere:");
        out.println();
        out.println("  kubectl traversion at now get pods -A");
        out.println("  kubectl --kubeconfig " + file + " get pods -A");
        out.println("  export KUBECONFIG=" + file + "    # for any client; contexts: "
                + String.join(", ", contexts.stream().map(MomentContext::name).toList()));
        out.println("  kubectl traversion console    # the same in a browser");
        out.flush();
        if (!noBrowser && terminal.interactive() && !Browser.open(server.consoleUrl())) {
            terminal.note("There is no program here that opens a browser: kubectl traversion console prints a link.");
        }
    }
}
