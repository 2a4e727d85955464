/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.server.InClusterServer;
import dev.traversion.kubectl.server.Locations;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.rewind.guard.KubernetesApi;
import dev.traversion.rewind.tls.RotatingTls;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the operator runs: {@code kubectl-traversion serve-cluster LOCATION}. */
@Command(
        name = "serve-cluster",
        sortOptions = false,
        description = {
            "Serve the recording of the cluster this runs in to its users, each with their permissions of today, and with"
                    + " every read on record. Runs in a pod; people use rewind.",
            ""
        })
final class ServeClusterCommand extends Common implements Callable<Integer> {

    @Parameters(paramLabel = "DIR|s3://BUCKET/PREFIX", description = "The recording.")
    private String location;

    @Option(
            names = "--port",
            defaultValue = "8443",
            paramLabel = "PORT",
            description = "Where to listen. Without it: 8443.")
    private int port;

    @Option(
            names = "--tls",
            paramLabel = "DIR",
            description =
                    "A mounted Secret with tls.crt and tls.key, read again when it changes. Without it the server makes a"
                            + " certificate of its own, and another one in time.")
    private Path tls;

    @Option(
            names = "--tls-name",
            paramLabel = "NAME",
            description = "DNS name in a certificate of its own; may be given several times.")
    private List<String> names = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Who it is in the record of reads. Without it: HOSTNAME, which is the pod's name.")
    private String name;

    @Option(names = "--metrics-port", paramLabel = "PORT", description = "Serve Prometheus metrics there.")
    private Integer metricsPort;

    @Option(
            names = "--metrics-address",
            defaultValue = "",
            paramLabel = "ADDRESS",
            description = "The address of --metrics-port. Without it: loopback.")
    private String metricsAddress;

    @Option(names = "--api-server", paramLabel = "URL", description = "The API server, outside of a pod.")
    private URI apiServer;

    @Option(names = "--api-ca", paramLabel = "FILE", description = "Its authority, outside of a pod.")
    private Path authority;

    @Option(names = "--api-token", paramLabel = "FILE", description = "The service account's token, outside of a pod.")
    private Path token;

    @Override
    public Integer call() throws Exception {
        configureLogging();
        Terminal terminal = terminal();
        KubernetesApi api = apiServer == null ? KubernetesApi.ofPod(System.getenv()) : outside();
        String who = name.isEmpty() ? System.getenv().getOrDefault("HOSTNAME", "rewind") : name;
        PrometheusRegistry registry = new PrometheusRegistry();
        HTTPServer metrics = MetricsServer.start(metricsPort, metricsAddress, registry, () -> true);
        CountDownLatch stopped = new CountDownLatch(1);
        InClusterServer server = new InClusterServer(
                Locations.absolute(location),
                port,
                api,
                new RotatingTls(Optional.ofNullable(tls), names, Clock.systemUTC()),
                who + "-" + Instant.now().toEpochMilli(),
                registry,
                terminal::note);
        Thread stop = new Thread(() -> {
            stopped.countDown();
            if (metrics != null) {
                metrics.close();
            }
            server.close();
        });
        Runtime.getRuntime().addShutdownHook(stop);
        terminal.note("Serving " + location + " on port " + server.port());
        stopped.await();
        return 0;
    }

    private KubernetesApi outside() {
        if (authority == null || token == null) {
            throw new TraversionException("--api-server goes with --api-ca and --api-token.");
        }
        return new KubernetesApi(apiServer, authority, token);
    }
}
