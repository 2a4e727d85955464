/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.e2e.recording.ApiClient.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Cheap changes of several types under a seed: creates, updates, deletes, objects that are deleted and made again at once, and objects
 * that live for one moment. Each writer has objects of its own. An object whose fate is unknown, since no answer came, is left alone.
 */
final class Writers implements AutoCloseable {

    private static final String NAMESPACE = "default";
    private static final int WRITERS = 16;
    private static final int MOST_OBJECTS = 6;
    private static final List<ResourceType> TYPES = Oracle.types();

    private final ApiClient api;
    private final Oracle oracle;
    private final long pauseNanos;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong changes = new AtomicLong();
    private volatile boolean stopped;

    /** Creates the type of the custom resources that are written. */
    static void define(Kubectl kubectl) {
        kubectl.apply("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: widgets.faults.test}
                spec:
                  group: faults.test
                  scope: Namespaced
                  names: {plural: widgets, kind: Widget, listKind: WidgetList}
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """);
        kubectl.awaitEstablished("crd/widgets.faults.test");
    }

    /** @param rate changes a second to aim at, of all writers */
    Writers(Path kubeconfig, Oracle oracle, long seed, int rate) {
        this.api = new ApiClient(kubeconfig);
        this.oracle = oracle;
        this.pauseNanos = 1_000_000_000L * WRITERS / rate;
        for (int i = 0; i < WRITERS; i++) {
            Writer writer = new Writer("w" + i, new Random(seed + i));
            threads.add(Thread.ofVirtual().name("writer-" + i).start(writer::run));
        }
    }

    /** How many changes were carried out so far. */
    long changes() {
        return changes.get();
    }

    /** Ends the writing, and changes each type once more: who has seen that has seen all. */
    void finish() throws Exception {
        stop();
        Writer last = new Writer("last-" + System.nanoTime(), new Random(0));
        for (ResourceType type : TYPES) {
            if (!last.create(type)) {
                throw new IllegalStateException("The last " + type + " could not be created");
            }
        }
    }

    private void stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        api.close();
    }

    private static String path(ResourceType type) {
        String root =
                switch (type.group()) {
                    case "" -> "/api/v1";
                    case "coordination.k8s.io" -> "/apis/coordination.k8s.io/v1";
                    default -> "/apis/faults.test/v1";
                };
        return root + "/namespaces/" + NAMESPACE + "/" + type.resource();
    }

    private static String manifest(ObjectKey key, String version, int number) {
        String rest =
                switch (key.type().resource()) {
                    case "configmaps" -> "\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"data\":{\"n\":\"%d\"}";
                    case "secrets" -> "\"kind\":\"Secret\",\"apiVersion\":\"v1\",\"stringData\":{\"n\":\"%d\"}";
                    case "leases" ->
                        "\"kind\":\"Lease\",\"apiVersion\":\"coordination.k8s.io/v1\",\"spec\":{\"holderIdentity\":\"%d\"}";
                    default -> "\"kind\":\"Widget\",\"apiVersion\":\"faults.test/v1\",\"spec\":{\"n\":%d}";
                };
        String precondition = version.isEmpty() ? "" : ",\"resourceVersion\":\"" + version + "\"";
        return "{\"metadata\":{\"name\":\"" + key.name() + "\"" + precondition + "}," + rest.formatted(number) + "}";
    }

    private final class Writer {

        private final String name;
        private final Random random;
        private final List<ObjectKey> alive = new ArrayList<>();
        private final Map<ObjectKey, String> versions = new HashMap<>();
        private int number;

        Writer(String name, Random random) {
            this.name = name;
            this.random = random;
        }

        void run() {
            long next = System.nanoTime();
            while (!stopped) {
                long before = number;
                try {
                    step();
                } catch (InterruptedException e) {
                    return;
                } catch (Exception e) {
                    // The API server is away.
                    LockSupport.parkNanos(100_000_000);
                }
                next = Math.max(next + pauseNanos * Math.max(1, number - before), System.nanoTime() - pauseNanos);
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }

        private void step() throws Exception {
            int choice = random.nextInt(10);
            if (alive.size() < 2 || (choice < 2 && alive.size() < MOST_OBJECTS)) {
                create(TYPES.get(random.nextInt(TYPES.size())));
            } else if (choice < 6) {
                update(alive.get(random.nextInt(alive.size())));
            } else if (choice < 7) {
                delete(alive.get(random.nextInt(alive.size())));
            } else if (choice < 9) {
                ObjectKey key = alive.get(random.nextInt(alive.size()));
                if (delete(key)) {
                    create(key);
                }
            } else {
                create(TYPES.get(random.nextInt(TYPES.size())));
                delete(alive.getLast());
            }
        }

        boolean create(ResourceType type) throws Exception {
            return create(new ObjectKey(type, NAMESPACE, name + "-" + number));
        }

        private boolean create(ObjectKey key) throws Exception {
            return written(key, "POST", path(key.type()), "");
        }

        private void update(ObjectKey key) throws Exception {
            written(key, "PUT", path(key.type()) + "/" + key.name(), versions.get(key));
        }

        private boolean written(ObjectKey key, String method, String path, String version) throws Exception {
            forget(key);
            number++;
            Answer answer = api.send(method, "application/json", path, manifest(key, version, number));
            if (answer.status() >= 300) {
                return false;
            }
            oracle.answered(key, answer.body());
            changes.incrementAndGet();
            alive.add(key);
            versions.put(key, Oracle.versionOf(answer.body()));
            return true;
        }

        private boolean delete(ObjectKey key) throws Exception {
            forget(key);
            number++;
            Answer answer = api.send("DELETE", "application/json", path(key.type()) + "/" + key.name(), "{}");
            changes.incrementAndGet();
            return answer.status() < 300;
        }

        /** Until an answer comes, nothing is known of the object. */
        private void forget(ObjectKey key) {
            alive.remove(key);
            versions.remove(key);
        }
    }
}
