/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset;

import dev.traversion.archive.TraversionException;
import dev.traversion.daemonset.logs.LogRulesSource;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.rules.RecordingRules;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Records what happens on this node until it is told to end, with or without Kubernetes. */
public final class Main {

    private static final String USAGE =
            "Usage: agent --to DIRECTORY|s3://BUCKET/PREFIX [--cluster ID] [--node NAME] [--spool DIRECTORY] [--spool-bytes BYTES]"
                    + " [--port PORT] [--cgroups DIRECTORY] [--events none|processes,kills,connections,disks,dns,arguments] [--usage-seconds SECONDS]"
                    + " [--events-per-second EVENTS]"
                    + " [--logs FILE] [--logs-folder DIRECTORY] [--masking-rules FILE] [--masking-key FILE]";

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

    @SuppressWarnings("SystemOut")
    private static void run(AgentRun.Settings settings) throws IOException, InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        // What is told to end still writes what it has.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            told.countDown();
            awaitQuietly(ended);
        }));
        try {
            AgentRun.run(settings, told, note -> System.err.println("agent: " + note));
        } finally {
            ended.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch ended) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static AgentRun.Settings parse(List<String> args) throws IOException {
        String to = "";
        String cluster = "";
        String node = InetAddress.getLocalHost().getHostName();
        String spool = "/var/lib/traversion/spool";
        int port = 0;
        String logs = "";
        String secrets = "";
        String key = "";
        String logFolder = AgentRun.Logs.USUAL_FOLDER;
        Path cgroups = AgentRequest.USUAL.cgroups();
        Set<EventClass> events = AgentRequest.USUAL.events();
        long spoolBytes = AgentRequest.USUAL.spoolBytes();
        long usageNanos = AgentRequest.USUAL.usageNanos();
        int eventsPerSecond = AgentRequest.USUAL.eventsPerSecond();
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = rest.next();
            switch (option) {
                case "--to" -> to = value;
                case "--cluster" -> cluster = value;
                case "--node" -> node = value;
                case "--spool" -> spool = value;
                case "--spool-bytes" -> spoolBytes = number(option, value);
                case "--port" -> port = port(value);
                case "--cgroups" -> cgroups = Path.of(value);
                case "--events" -> events = EventClass.parse(value);
                case "--events-per-second" ->
                    eventsPerSecond = (int) Math.min(Integer.MAX_VALUE, number(option, value));
                case "--logs" -> logs = value;
                case "--logs-folder" -> logFolder = value;
                case "--masking-rules" -> secrets = value;
                case "--masking-key" -> key = value;
                case "--usage-seconds" -> usageNanos = TimeUnit.SECONDS.toNanos(number(option, value));
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        if (to.isEmpty()) {
            throw new IllegalArgumentException("it is not said where to record to");
        }
        Path folder = Path.of(spool).toAbsolutePath();
        AgentRun.Logs recorded = null;
        Supplier<Masking> masking = null;
        if (!logs.isEmpty() || EventClass.areMasked(events)) {
            MaskingKey secret = MaskingKey.load(key.isEmpty() ? folder.resolve("masking.key") : Path.of(key));
            if (!logs.isEmpty()) {
                LogRulesSource rules = LogRulesSource.file(Path.of(logs), secret);
                recorded = new AgentRun.Logs(rules, Path.of(logFolder));
                masking = () -> rules.current().anywhere();
            } else if (!secrets.isEmpty()) {
                LogRulesSource rules = LogRulesSource.file(Path.of(secrets), secret);
                masking = () -> rules.current().anywhere();
            } else {
                Masking usual = Masking.of(RecordingRules.ALL, secret);
                masking = () -> usual;
            }
        }
        // Nobody watches it start: it does what it can, and tells.
        AgentRequest request = new AgentRequest(cgroups, events, usageNanos, spoolBytes, eventsPerSecond, true);
        return new AgentRun.Settings(to, cluster, node, folder, port, new AgentRun.Asked(request, masking, recorded));
    }

    private static long number(String option, String value) {
        if (!value.matches("[1-9]\\d{0,14}")) {
            throw new IllegalArgumentException(option + " needs a number, not '" + value + "'");
        }
        return Long.parseLong(value);
    }

    private static int port(String value) {
        if (!value.matches("[1-9]\\d{0,4}") || Integer.parseInt(value) > 65535) {
            throw new IllegalArgumentException("'" + value + "' is no port");
        }
        return Integer.parseInt(value);
    }
}
