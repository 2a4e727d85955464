/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.bench;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;

/** A recording of an hour of pods that change, the same for the same numbers. */
final class ManyPods {

    static final String ID = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";
    static final ResourceType PODS = new ResourceType("", "pods");
    static final long START = Instant.parse("2026-01-31T14:00:00Z").getEpochSecond() * 1_000_000_000L;
    static final long HOUR = 3_600_000_000_000L;
    private static final long MINUTE = 60_000_000_000L;
    private static final int NAMESPACE = 1000;
    private static final long SEED = 7;

    private ManyPods() {}

    static String namespace(int pod) {
        return "team-" + pod / NAMESPACE;
    }

    static String name(int pod) {
        return "service-" + pod % NAMESPACE + "-6d4f679d9c-" + Integer.toString(pod * 7919 % 60_466_176, 36);
    }

    static void write(Store store, Path state, int pods, int changes) throws IOException, InterruptedException {
        Random random = new Random(SEED);
        try (RecordingWriter writer = RecordingWriter.open(store, ID, WriterOptions.of("bench", state))) {
            int version = 1;
            String discovery =
                    "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\",\"metadata\":{},\"items\":[";
            String pod =
                    "{\"metadata\":{},\"versions\":[{\"version\":\"v1\",\"resources\":[{\"resource\":\"pods\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"Pod\"},\"scope\":\"Namespaced\",\"singularResource\":\"pod\",\"verbs\":[\"get\",\"list\",\"watch\"]}],\"freshness\":\"Current\"}]}";
            document(writer, "api;as=APIGroupDiscoveryList", discovery + pod + "]}");
            document(writer, "apis;as=APIGroupDiscoveryList", discovery + "]}");
            document(writer, "version", "{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.4\"}");
            writer.mark(new CoverageMark(PODS, CoverageMark.Kind.OPENED, START, "1", ""));
            for (int i = 0; i < pods; i++) {
                writer.append(change(i, ++version, START + i, Operation.ADDED, random));
            }
            int rest = changes - pods;
            for (int i = 0; i < rest; i++) {
                long at = START + MINUTE + (HOUR - MINUTE) / rest * i;
                writer.append(change(random.nextInt(pods), ++version, at, Operation.MODIFIED, random));
            }
            writer.synced().join();
        }
    }

    private static void document(RecordingWriter writer, String name, String json) throws InterruptedException {
        ObjectKey key = new ObjectKey(new ResourceType("traversion.dev", "documents"), "", name);
        writer.append(
                new Change(key, "Document", "u", "1", START, Operation.ADDED, json.getBytes(StandardCharsets.UTF_8)));
    }

    private static Change change(int pod, int version, long at, Operation operation, Random random) {
        boolean isReady = random.nextInt(20) > 0;
        String body = "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name(pod)
                + "\",\"namespace\":\""
                + namespace(pod) + "\",\"uid\":\"u-" + pod + "\",\"resourceVersion\":\"" + version
                + "\",\"creationTimestamp\":\"2026-01-31T13:00:00Z\",\"labels\":{\"app\":\"service-" + pod % 100
                + "\",\"pod-template-hash\":\"6d4f679d9c\"},\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"name\":\"service-"
                + pod % NAMESPACE + "-6d4f679d9c\",\"uid\":\"r-" + pod % NAMESPACE + "\",\"controller\":true}]},"
                + "\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"registry.example/shop/service:1." + pod % 9
                + "\",\"ports\":[{\"containerPort\":8080,\"protocol\":\"TCP\"}],\"resources\":{\"limits\":{\"memory\":\"256Mi\"},\"requests\":{\"cpu\":\"100m\",\"memory\":\"128Mi\"}}}],"
                + "\"nodeName\":\"node-" + pod % 500
                + "\",\"serviceAccountName\":\"default\"},\"status\":{\"phase\":\"Running\",\"conditions\":["
                + "{\"type\":\"Initialized\",\"status\":\"True\"},{\"type\":\"Ready\",\"status\":\""
                + (isReady ? "True" : "False")
                + "\"},{\"type\":\"PodScheduled\",\"status\":\"True\"}],\"podIP\":\"10.0." + pod / 250 % 250 + "."
                + pod % 250
                + "\",\"containerStatuses\":[{\"name\":\"main\",\"state\":"
                + (isReady
                        ? "{\"running\":{\"startedAt\":\"2026-01-31T13:00:05Z\"}}"
                        : "{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}}")
                + ",\"ready\":" + isReady + ",\"restartCount\":" + version % 7 + "}]}}";
        ObjectKey key = new ObjectKey(PODS, namespace(pod), name(pod));
        return new Change(
                key,
                "Pod",
                "u-" + pod,
                Integer.toString(version),
                at,
                operation,
                body.getBytes(StandardCharsets.UTF_8));
    }
}
