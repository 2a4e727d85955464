/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.console;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A recording of what a cluster seldom holds: ten thousand pods in one namespace, names and values that are made
 * to do harm, and two minutes of which nothing is known.
 */
final class OddRecording implements AutoCloseable {

    static final int CROWD = 10_000;
    static final String SCRIPT = "<img src=x onerror=window.harmed=1>";
    static final String BACKWARDS = "web-\u202egnp.exe";
    static final String LONG = "l" + "o".repeat(251) + "g";
    static final String BIG = "big";

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType DOCUMENTS = new ResourceType("traversion.dev", "documents");
    private static final String CLUSTER = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";
    private static final long MINUTE = 60_000_000_000L;

    private final Store store;
    private final RecordingWriter writer;
    private final long start = (System.currentTimeMillis() - 600_000) * 1_000_000;
    private int version = 1;

    OddRecording(Path directory) throws IOException, InterruptedException {
        store = Stores.open(directory.resolve("recording").toString());
        writer = RecordingWriter.open(store, CLUSTER, WriterOptions.of("odd", directory.resolve("recorder")));
        String group =
                "{\"metadata\":{},\"versions\":[{\"version\":\"v1\",\"resources\":[{\"resource\":\"pods\",\"responseKind\":{\"group\":\"\",\"version\":\"\",\"kind\":\"Pod\"},\"scope\":\"Namespaced\",\"singularResource\":\"pod\",\"verbs\":[\"get\",\"list\",\"watch\"]}],\"freshness\":\"Current\"}]}";
        document("api;as=APIGroupDiscoveryList", discovery(group));
        document("apis;as=APIGroupDiscoveryList", discovery(""));
        document("version", "{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.4\"}");
        mark(CoverageMark.Kind.OPENED, start, "");
        for (int i = 0; i < CROWD; i++) {
            pod("crowd", "pod-%05d".formatted(i), start, "");
        }
        for (String name : new String[] {SCRIPT, BACKWARDS, LONG}) {
            pod("odd", name, start, SCRIPT);
        }
        pod("odd", BIG, start, "x".repeat(256 * 1024));
        mark(CoverageMark.Kind.CLOSED, start + 2 * MINUTE, "the cluster was out of reach");
        mark(CoverageMark.Kind.OPENED, start + 4 * MINUTE, "");
        mark(CoverageMark.Kind.CONFIRMED, start + 9 * MINUTE, "");
        writer.synced().join();
    }

    private static String discovery(String items) {
        return "{\"kind\":\"APIGroupDiscoveryList\",\"apiVersion\":\"apidiscovery.k8s.io/v2\",\"metadata\":{},\"items\":["
                + items + "]}";
    }

    private void document(String name, String json) throws InterruptedException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        writer.append(
                new Change(new ObjectKey(DOCUMENTS, "", name), "Document", "u", "1", start, Operation.ADDED, body));
    }

    private void mark(CoverageMark.Kind kind, long at, String reason) throws InterruptedException {
        writer.mark(new CoverageMark(PODS, kind, at, Integer.toString(version), reason));
    }

    private void pod(String namespace, String name, long at, String note) throws InterruptedException {
        String json = """
                {"kind":"Pod","apiVersion":"v1","metadata":{"name":"%1$s","namespace":"%2$s","uid":"%2$s-%1$s",\
                "resourceVersion":"%3$d","annotations":{"note":"%4$s"}},"spec":{"containers":[]},"status":{"phase":"Running",\
                "conditions":[{"type":"Ready","status":"True"}]}}""".formatted(name, namespace, ++version, note);
        writer.append(new Change(
                new ObjectKey(PODS, namespace, name),
                "Pod",
                namespace + "-" + name,
                Integer.toString(version),
                at,
                Operation.ADDED,
                json.getBytes(StandardCharsets.UTF_8)));
    }

    /** A moment as links have it. */
    String minute(int minutes) {
        return Instant.ofEpochMilli((start + minutes * MINUTE) / 1_000_000).toString();
    }

    @Override
    public void close() throws IOException {
        writer.close();
        store.close();
    }
}
