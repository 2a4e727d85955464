/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.archive.TraversionException;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Records what happens on this node into a directory until it is told to end, with or without Kubernetes. */
public final class Main {

    private static final long DRAIN_MILLIS = 100;
    private static final int DRAINS_A_FLUSH = 20;
    private static final String USAGE = "Usage: agent --to DIRECTORY [--node NAME] [--metrics PORT]";

    /** @param metricsPort where Prometheus finds the metrics, or 0 */
    private record Arguments(Path to, String node, int metricsPort) {}

    private Main() {}

    /** Ends with 2 if it was called wrongly, with 1 if it cannot record here. */
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
        try {
            run(parse(List.of(args)));
        } catch (TraversionException | IOException e) {
            System.err.println("agent: " + e.getMessage());
            System.exit(1);
        } catch (IllegalArgumentException e) {
            System.err.println("agent: " + e.getMessage() + "\n" + USAGE);
            System.exit(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Arguments arguments) throws IOException, InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AgentOptions options = AgentOptions.defaults(arguments.to().resolve("landing"), arguments.node());
        try (Agent agent = new Agent(options);
                AutoCloseableServer _ = serve(arguments.metricsPort(), agent)) {
            // What is told to end still writes what it has.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                told.countDown();
                awaitQuietly(ended);
            }));
            agent.unusable().values().forEach(reason -> System.err.println("agent: " + reason));
            System.err.println("agent: records into " + options.landing().resolve(arguments.node()));
            for (int i = 1; !told.await(DRAIN_MILLIS, TimeUnit.MILLISECONDS); i++) {
                agent.drain();
                if (i % DRAINS_A_FLUSH == 0) {
                    agent.flush();
                }
            }
        } finally {
            ended.countDown();
        }
    }

    /** A server of metrics, or none. */
    private interface AutoCloseableServer extends AutoCloseable {
        @Override
        void close();
    }

    private static AutoCloseableServer serve(int port, Agent agent) throws IOException {
        if (port == 0) {
            return () -> {};
        }
        PrometheusRegistry registry = new PrometheusRegistry();
        new AgentMetrics(registry, agent);
        return HTTPServer.builder().port(port).registry(registry).buildAndStart()::close;
    }

    private static void awaitQuietly(CountDownLatch ended) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Arguments parse(List<String> args) throws IOException {
        Path to = null;
        String node = InetAddress.getLocalHost().getHostName();
        int port = 0;
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = rest.next();
            switch (option) {
                case "--to" -> to = Path.of(value).toAbsolutePath();
                case "--node" -> node = value;
                case "--metrics" -> port = port(value);
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        if (to == null) {
            throw new IllegalArgumentException("it is not said where to record to");
        }
        return new Arguments(to, node, port);
    }

    private static int port(String value) {
        if (!value.matches("[1-9]\\d{0,4}") || Integer.parseInt(value) > 65535) {
            throw new IllegalArgumentException("'" + value + "' is no port");
        }
        return Integer.parseInt(value);
    }
}
