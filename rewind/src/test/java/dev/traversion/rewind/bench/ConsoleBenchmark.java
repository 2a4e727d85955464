/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.rewind.RewindOptions;
import dev.traversion.rewind.RewindServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.StringJoiner;
import java.util.stream.Stream;

/**
 * Prints what the server takes for the console's questions, and the page in a browser. Arguments: pods, changes, and for how many seconds the
 * page plays; 100,000, a million and 600 if there are none.
 */
public final class ConsoleBenchmark {

    private static final int ROUNDS = 300;
    private static final int VISIBLE_ROWS = 50;

    private final HttpClient http = HttpClient.newHttpClient();
    private final RewindServer server;
    private final int pods;
    private final Random random = new Random(11);

    private ConsoleBenchmark(RewindServer server, int pods) {
        this.server = server;
        this.pods = pods;
    }

    public static void main(String[] arguments) throws Exception {
        int pods = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100_000;
        int changes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000_000;
        int playing = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 600;
        Path directory = Files.createTempDirectory("console-bench");
        try (Store store = Stores.open(directory.resolve("recording").toString())) {
            ManyPods.write(store, directory.resolve("state"), pods, changes);
            try (Recording recording = Recording.open(store, ManyPods.ID, RecordingOptions.defaults());
                    RewindServer server = RewindServer.start(List.of(recording), RewindOptions.defaults())) {
                System.out.printf(Locale.ROOT, "%d pods, %d changes, one hour%n", pods, changes);
                page(server, "first opened", 0);
                new ConsoleBenchmark(server, pods).run();
                page(server, "opened again", playing);
            }
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The page itself, in the browser that is there. */
    private static void page(RewindServer server, String when, int playing) throws IOException, InterruptedException {
        System.out.println("the page, " + when);
        // In the middle, where it has the most to load.
        Instant moment = Instant.ofEpochSecond((ManyPods.START + ManyPods.HOUR / 2) / 1_000_000_000);
        Process page = new ProcessBuilder(
                        "node",
                        "../console/bench/page.mjs",
                        server.consoleUrl("?t=" + moment).toString(),
                        Integer.toString(playing))
                .inheritIO()
                .start();
        page.waitFor();
    }

    private void run() throws Exception {
        long start = ManyPods.START / 1_000_000;
        long end = start + ManyPods.HOUR / 1_000_000;
        once("index, 5 minutes, cold", "8,000", "index?resources=pods&from=" + (end - 300_000));
        once("index, 5 minutes, warm", "1,000", "index?resources=pods&from=" + (end - 300_000));
        once("index, the whole hour", "8,000", "index?resources=pods&from=" + (start + 1000));
        once("index, the whole hour, again", "2,000", "index?resources=pods&from=" + (start + 1000));
        once("density, the whole hour, cold", "2,000", "density?width=8000&from=" + start + "&to=" + end);
        once("density, the whole hour, warm", "100", "density?width=8000&from=" + start + "&to=" + end);
        once("search", "2,000", "search?q=service-7-&t=" + (end - 1000));
        once("resources", "500", "resources?t=" + (end - 1000));
        for (boolean isWarmUp : new boolean[] {true, false}) {
            double[] millis = new double[ROUNDS];
            double[] cpu = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                String question = rows(start + 1000 + random.nextLong(end - start - 2000));
                long cpuBefore = threadsCpu();
                long begin = System.nanoTime();
                ask(question);
                millis[i] = (System.nanoTime() - begin) / 1e6;
                cpu[i] = (threadsCpu() - cpuBefore) / 1e6;
            }
            if (!isWarmUp) {
                Arrays.sort(millis);
                Arrays.sort(cpu);
                System.out.printf(
                        Locale.ROOT,
                        "step to a random moment, %d rows    p50 %.1f ms   p95 %.1f ms   of CPU, with the client: p50 %.1f ms   p95 %.1f ms"
                                + "   (target p95 16)%n",
                        VISIBLE_ROWS,
                        millis[ROUNDS / 2],
                        millis[ROUNDS * 95 / 100],
                        cpu[ROUNDS / 2],
                        cpu[ROUNDS * 95 / 100]);
            }
        }
    }

    private String rows(long time) {
        StringJoiner names = new StringJoiner(",");
        int first = random.nextInt(pods - VISIBLE_ROWS);
        for (int i = first; i < first + VISIBLE_ROWS; i++) {
            names.add(ManyPods.namespace(i) + "/" + ManyPods.name(i));
        }
        return "table?resource=pods&t=" + time + "&names=" + names;
    }

    private void once(String what, String target, String question) throws Exception {
        long cpu = cpu();
        long begin = System.nanoTime();
        int length = ask(question);
        double millis = (System.nanoTime() - begin) / 1e6;
        System.out.printf(
                Locale.ROOT,
                "%-34s %8.0f ms %8.0f ms of CPU %10d bytes   (target %s ms of CPU)%n",
                what,
                millis,
                (cpu() - cpu) / 1e6,
                length,
                target);
    }

    /** ns that all threads have worked: on a machine that is not idle it says more than the clock. */
    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    /** ns that all threads but those of the JVM itself have worked, more exactly. */
    private static long threadsCpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getAllThreadIds())
                .map(threads::getThreadCpuTime)
                .sum();
    }

    private int ask(String question) throws Exception {
        URI uri = URI.create(
                "http://127.0.0.1:" + server.port() + "/console/api/clusters/" + ManyPods.ID + "/" + question);
        HttpResponse<byte[]> answer = http.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + server.token())
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(question + ": " + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body().length;
    }
}
