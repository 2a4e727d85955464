/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.ObjectKey;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Changes of custom resources, put straight into etcd as the API server stores them, which then finds and delivers them: many more a
 * second than it could write on the same machine, and also while it is away.
 */
final class Flood implements AutoCloseable {

    private static final int WRITERS = 48;
    private static final int OBJECTS = 6;
    private static final Pattern REVISION = Pattern.compile("\"revision\":\"(\\d+)\"");

    private final Oracle oracle;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final long pauseNanos;
    private final AtomicLong changes = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private final long began = System.nanoTime();
    private volatile long ended;
    private volatile boolean stopped;

    /** @param rate changes a second to aim at */
    Flood(Oracle oracle, long seed, int rate) {
        this.oracle = oracle;
        this.pauseNanos = 1_000_000_000L * WRITERS / rate;
        for (int i = 0; i < WRITERS; i++) {
            Random random = new Random(seed + i);
            String name = "flood-" + i;
            threads.add(Thread.ofVirtual().name(name).start(() -> write(name, random)));
        }
    }

    /** What it has reached, for people. */
    String told() {
        double seconds = ((stopped ? ended : System.nanoTime()) - began) / 1e9;
        return "%,d changes in %.0f s: %,.0f a second".formatted(changes.get(), seconds, changes.get() / seconds);
    }

    private void write(String name, Random random) {
        int number = 0;
        long next = System.nanoTime();
        while (!stopped) {
            ObjectKey key = new ObjectKey(Oracle.WIDGETS, "default", name + "-" + random.nextInt(OBJECTS));
            try {
                if (random.nextInt(50) == 0) {
                    send("deleterange", "\"key\":\"" + base64(path(key)) + "\"");
                } else {
                    put(key, ++number);
                }
                changes.incrementAndGet();
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                // etcd is away. Whether it took this one, its watch tells.
                LockSupport.parkNanos(100_000_000);
            }
            next = Math.max(next + pauseNanos, System.nanoTime() - pauseNanos);
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void put(ObjectKey key, int number) throws Exception {
        String answer = send(
                "put",
                "\"key\":\"" + base64(path(key)) + "\",\"value\":\"" + base64(object(key, "", number) + "\n") + "\"");
        Matcher revision = REVISION.matcher(answer);
        if (revision.find()) {
            oracle.answered(key, object(key, "\"resourceVersion\":\"" + revision.group(1) + "\",", number));
        }
    }

    private static String path(ObjectKey key) {
        return "/registry/faults.test/widgets/" + key.namespace() + "/" + key.name();
    }

    /** In the order of fields in which the API server answers. */
    private static String object(ObjectKey key, String version, int number) {
        return "{\"apiVersion\":\"faults.test/v1\",\"kind\":\"Widget\",\"metadata\":{"
                + "\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"generation\":1,\"name\":\"" + key.name()
                + "\",\"namespace\":\"" + key.namespace() + "\"," + version + "\"uid\":\"uid-" + key.name()
                + "\"},\"spec\":{\"n\":" + number + "}}";
    }

    private String send(String verb, String fields) throws Exception {
        HttpResponse<String> answer =
                client.send(oracle.request("/v3/kv/" + verb, "{" + fields + "}"), BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(verb + ": " + answer.body());
        }
        return answer.body();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        stop();
    }

    /** Waits for the changes that are under way; there are no more afterwards. */
    void stop() {
        if (!stopped) {
            ended = System.nanoTime();
            stopped = true;
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            client.shutdownNow();
        }
    }
}
