/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.server.MomentRequest;
import dev.traversion.kubectl.terminal.Browser;
import dev.traversion.kubectl.terminal.Signals;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeParser;
import dev.traversion.rewind.ConsoleRelay;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kubectl traversion console [TIME]}. */
@Command(
        name = "console",
        sortOptions = false,
        description = {
            "Look at the cluster through time in the browser.",
            "",
            "Without --from it asks the server of the past that runs in the cluster, if there is one, with your own rights there, and"
                    + " goes on until Ctrl-C. A recording is served in the background for as long as it is looked at (30 minutes"
                    + " without a request end it).",
            "",
            "Everything is on loopback. The link that is opened works once, within two minutes; this command makes another.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion console                    The newest moment",
            "  kubectl traversion console 14:03              At 14:03",
            "  kubectl traversion console --from ./prod --no-browser"
        })
final class ConsoleCommand extends Common implements Callable<Integer> {

    private static final int LIMIT_MILLIS = 15_000;

    /** How long a way to the cluster is gone without looking whether it is still there. */
    private static final long CHECKED_NANOS = 10_000_000_000L;

    @Parameters(
            arity = "0..1",
            paramLabel = "TIME",
            defaultValue = "",
            description = "The moment to begin at. Without it: the newest.")
    private String time;

    @Mixin
    private RecordingOption recording;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "Namespace of the object in TIME. Without it: that of the current context.")
    private String namespace;

    @Option(names = "--no-browser", description = "Only print the link.")
    private boolean noBrowser;

    @Override
    public Integer call() throws IOException, InterruptedException {
        configureLogging();
        Terminal terminal = terminal();
        Optional<ClusterPast> past = inCluster(recording, Kubeconfigs.of("", System.getenv()), "");
        if (past.isPresent()) {
            relay(past.get(), terminal);
            return 0;
        }
        MomentAnswer moment = servers(terminal)
                .ask(
                        recording.location(state()),
                        new MomentRequest(
                                time,
                                recording.zone().getId(),
                                recording.cluster(),
                                namespace,
                                "",
                                Kubeconfigs.of("", System.getenv()).files().stream()
                                        .map(Path::toString)
                                        .toList(),
                                List.of()));
        show(link(moment, query(moment.cluster(), moment.instant())), moment.instant(), terminal);
        return 0;
    }

    /** @return what tells the console where to begin; without a time that is its own affair */
    private String query(String cluster, Instant instant) {
        return "?c=" + URLEncoder.encode(cluster, StandardCharsets.UTF_8)
                + (time.isEmpty() ? "" : "&t=" + URLEncoder.encode(instant.toString(), StandardCharsets.UTF_8));
    }

    private void show(String link, Instant instant, Terminal terminal) {
        if (!time.isEmpty()) {
            Instant now = Instant.now();
            terminal.note("# " + MomentText.brief(instant, now) + " (" + MomentText.ago(instant, now) + ")");
        }
        terminal.out().println(link);
        terminal.out().flush();
        if (noBrowser || !terminal.interactive() || !Browser.open(link)) {
            terminal.note("Open this link in a browser of this machine within two minutes; it works once.");
        }
    }

    private static String link(MomentAnswer moment, String query) throws IOException {
        URI api = URI.create(moment.url());
        URI ask = URI.create("http://" + api.getHost() + ":" + api.getPort() + "/console-login?to="
                + URLEncoder.encode(query, StandardCharsets.UTF_8));
        HttpURLConnection connection = (HttpURLConnection) ask.toURL().openConnection();
        connection.setConnectTimeout(LIMIT_MILLIS);
        connection.setReadTimeout(LIMIT_MILLIS);
        connection.setRequestProperty("Authorization", "Bearer " + moment.token());
        if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new TraversionException("The server of the recording gives no link to its console (status "
                    + connection.getResponseCode() + "). End it with kubectl traversion rewind --stop, and try again.");
        }
        try (InputStream in = connection.getInputStream()) {
            return new ObjectMapper().readTree(in).path("url").asText();
        }
    }

    private void relay(ClusterPast past, Terminal terminal) throws InterruptedException {
        Instant instant = past.resolve(TimeParser.parse(time.isEmpty() ? "now" : time), recording.zone(), namespace);
        try (ConsoleRelay relay = ConsoleRelay.start(0, new Way(past))) {
            CountDownLatch stopped = new CountDownLatch(1);
            Signals.onInterrupt(stopped::countDown);
            terminal.note("From the cluster itself, with your rights there, until Ctrl-C.");
            show(relay.url(query(past.id(), instant)).toString(), instant, terminal);
            stopped.await();
            terminal.note("Closed.");
        }
    }

    /** The way there as it is now: passes are renewed, forwards end. Used by many threads. */
    private final class Way implements ConsoleRelay.Upstream {
        private ClusterPast past;
        private long since = System.nanoTime();

        Way(ClusterPast past) {
            this.past = past;
        }

        @Override
        public HttpURLConnection to(String pathAndQuery) throws IOException {
            return current().to(pathAndQuery);
        }

        private synchronized ClusterPast current() throws IOException {
            if (System.nanoTime() - since > CHECKED_NANOS) {
                past = inCluster(recording, Kubeconfigs.of("", System.getenv()), "")
                        .orElse(past);
                since = System.nanoTime();
            }
            return past;
        }
    }
}
