/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator;

import dev.traversion.archive.TraversionException;
import dev.traversion.operator.settings.Settings;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** The operator as a process: its settings come from the environment, its rights from its ServiceAccount. */
public final class Main {

    private static final Logger LOG = System.getLogger(Main.class.getName());
    private static final int PORT = 8080;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private Main() {}

    /** Runs until SIGTERM, with metrics and health at port 8080. With the argument "check": says whether another one is well. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            if (List.of(arguments).equals(List.of("check"))) {
                check();
            } else {
                run(Settings.of(System.getenv()));
            }
        } catch (TraversionException e) {
            System.err.println("traversion-operator: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void run(Settings settings) throws IOException, InterruptedException {
        PrometheusRegistry registry = new PrometheusRegistry();
        KubernetesClient client = new KubernetesClientBuilder().build();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(asked, ended)));
        try (HTTPServer metrics =
                        HTTPServer.builder().port(PORT).registry(registry).buildAndStart();
                TraversionOperator operator = new TraversionOperator(client, settings, Clock.systemUTC(), registry)) {
            LOG.log(Level.INFO, "metrics and health are at port " + metrics.getPort());
            operator.start();
            asked.await();
        } finally {
            ended.countDown();
        }
    }

    private static void check() throws InterruptedException {
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            List<String> problems = new InstallationCheck(
                            client, Settings.namespace(System.getenv()), Clock.systemUTC())
                    .await(PATIENCE);
            if (!problems.isEmpty()) {
                throw new TraversionException(String.join("\n", problems));
            }
            System.out.println("The custom resources are served, an operator leads, and every Recording is ready.");
        }
    }

    private static void end(CountDownLatch asked, CountDownLatch ended) {
        asked.countDown();
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
