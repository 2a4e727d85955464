/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.ObjectKey;
import dev.traversion.e2e.recording.Waiting;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.kv.PutResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes of Leases, put straight into etcd in a form in which the API server understands them, which then finds and delivers them: many
 * more a second than it could write on the same machine, and also while it is away. Leases, because they cost it least.
 */
final class Flood implements AutoCloseable {

    /** More than it can do before it is closed. */
    static final int ENDLESS = 1_000_000;

    /** Each waits for etcd's answer, which comes once what many of them wrote is synced together. */
    private static final int WRITERS = 160;

    private static final int OBJECTS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration MOST_BEHIND = Duration.ofSeconds(1);

    private final Oracle oracle;
    private final Client client;
    private final KV etcd;
    private final long pauseNanos;
    private final Semaphore due = new Semaphore(0);
    private final AtomicLong changes = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private long asked;
    private volatile long began;
    private volatile long ended;
    private volatile boolean stopped;

    /** @param rate changes a second to aim at */
    Flood(Oracle oracle, long seed, int rate) {
        this.oracle = oracle;
        this.client = Client.builder().endpoints(oracle.etcd()).build();
        this.etcd = client.getKVClient();
        this.pauseNanos = 1_000_000_000L * WRITERS / rate;
        for (int i = 0; i < WRITERS; i++) {
            Random random = new Random(seed + i);
            String name = "flood-" + i;
            threads.add(Thread.ofVirtual().name(name).start(() -> write(name, random)));
        }
    }

    /** Goes on for so many changes more, and then rests until it is asked again: who is to catch up with it must be able to. */
    void pour(int more) {
        asked += more;
        began = System.nanoTime();
        due.release(more);
    }

    /** Waits for all that was asked for; how many changes a second the latest of it was. */
    double rate(int poured) throws Exception {
        Waiting.until(Duration.ofMinutes(2), "etcd took " + asked + " changes", () -> changes.get() >= asked);
        return poured * 1e9 / (ended - began);
    }

    private void write(String name, Random random) {
        int number = 0;
        long next = System.nanoTime();
        while (!stopped) {
            if (!isDue()) {
                continue;
            }
            ObjectKey key = new ObjectKey(Oracle.LEASES, "default", name + "-" + random.nextInt(OBJECTS));
            try {
                if (random.nextInt(50) == 0) {
                    answer(etcd.delete(bytes(path(key))));
                } else {
                    put(key, ++number);
                }
                changes.incrementAndGet();
                ended = System.nanoTime();
            } catch (InterruptedException e) {
                return;
            } catch (Exception e) {
                // etcd is away. Whether it took this one, its watch tells.
                due.release();
                LockSupport.parkNanos(100_000_000);
            }
            // What etcd held up is made up for.
            next = Math.max(next + pauseNanos, System.nanoTime() - MOST_BEHIND.toNanos());
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private boolean isDue() {
        try {
            return due.tryAcquire(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void put(ObjectKey key, int number) throws Exception {
        PutResponse answer = answer(etcd.put(bytes(path(key)), bytes(object(key, "", number) + "\n")));
        long revision = answer.getHeader().getRevision();
        oracle.answered(key, object(key, "\"resourceVersion\":\"" + revision + "\",", number));
    }

    private static <T> T answer(CompletableFuture<T> promised) throws Exception {
        return promised.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static String path(ObjectKey key) {
        return "/registry/leases/" + key.namespace() + "/" + key.name();
    }

    /** In the order of fields in which the API server answers. */
    private static String object(ObjectKey key, String version, int number) {
        return "{\"kind\":\"Lease\",\"apiVersion\":\"coordination.k8s.io/v1\",\"metadata\":{\"name\":\"" + key.name()
                + "\",\"namespace\":\"" + key.namespace() + "\",\"uid\":\"uid-" + key.name() + "\"," + version
                + "\"creationTimestamp\":\"2026-01-01T00:00:00Z\"},\"spec\":{\"holderIdentity\":\"" + number + "\"}}";
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        stop();
    }

    /** Waits for the changes that are under way; there are no more afterwards. */
    void stop() {
        if (!stopped) {
            stopped = true;
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            client.close();
        }
    }
}
