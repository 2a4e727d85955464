/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiServer;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps the documents in the recording equal to those of the server. For one thread. */
public final class DocumentRecorder {

    public static final ResourceType TYPE = new ResourceType("traversion.dev", "documents");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NO_BODY = {};
    private static final String PLAIN = "application/json";

    private final ApiServer server;
    private final RecordingSink sink;
    private final Clock clock;
    private final Map<String, Integer> hashes = new HashMap<>();
    private final Map<String, String> openApiHashes = new HashMap<>();
    private long lastTime;
    private long version;
    private boolean opened;

    /** @param recorded what the recording holds already; null if it is new */
    public DocumentRecorder(ApiServer server, RecordingSink sink, Clock clock, History recorded) throws IOException {
        this.server = server;
        this.sink = sink;
        this.clock = clock;
        if (recorded != null) {
            lastTime = recorded.end();
            String newest = recorded.resourceVersion(TYPE, recorded.end());
            version = newest.isEmpty() ? 0 : Long.parseLong(newest);
            recorded.list(TYPE, "", null, recorded.end(), document -> {
                hashes.put(document.key().name(), Arrays.hashCode(document.body()));
                return true;
            });
        }
    }

    /**
     * Records what changed. Documents that cannot be read now are left as they are.
     *
     * @param discovery the aggregated discovery documents just read, by name
     */
    public void update(Map<String, byte[]> discovery) throws IOException, InterruptedException {
        Map<String, byte[]> documents = new LinkedHashMap<>(discovery);
        for (String path : plainPaths(discovery)) {
            fetch(path, documents);
        }
        fetch("version", documents);
        List<String> kept = new ArrayList<>();
        fetchOpenApi(documents, kept);
        for (Map.Entry<String, byte[]> document : documents.entrySet()) {
            int hash = Arrays.hashCode(document.getValue());
            Integer before = hashes.put(document.getKey(), hash);
            if (before == null || before != hash) {
                write(document.getKey(), before == null ? Operation.ADDED : Operation.MODIFIED, document.getValue());
            }
        }
        kept.addAll(documents.keySet());
        for (Iterator<String> names = hashes.keySet().iterator(); names.hasNext(); ) {
            String name = names.next();
            if (!kept.contains(name)) {
                names.remove();
                openApiHashes.remove(name);
                write(name, Operation.DELETED, NO_BODY);
            }
        }
        mark(opened ? CoverageMark.Kind.CONFIRMED : CoverageMark.Kind.OPENED);
        opened = true;
    }

    /** The plain discovery documents: clients without aggregated discovery ask for them. */
    private List<String> plainPaths(Map<String, byte[]> discovery) throws IOException {
        List<String> paths = new ArrayList<>(List.of("api", "apis"));
        for (Map.Entry<String, byte[]> document : discovery.entrySet()) {
            String root = document.getKey().replaceAll("[;/].*", "");
            for (JsonNode group : JSON.readTree(document.getValue()).path("items")) {
                String name = group.path("metadata").path("name").asText("");
                if (!name.isEmpty()) {
                    paths.add(root + "/" + name);
                }
                for (JsonNode each : group.path("versions")) {
                    paths.add(root + "/" + (name.isEmpty() ? "" : name + "/")
                            + each.path("version").asText());
                }
            }
        }
        return paths;
    }

    private void fetch(String path, Map<String, byte[]> documents) throws IOException, InterruptedException {
        if (documents.containsKey(path)) {
            return;
        }
        Answer answer = server.get("/" + path, PLAIN);
        if (answer.status() == 200) {
            documents.put(path, answer.body());
        }
    }

    /** OpenAPI documents are large; their index names a hash, so only those that changed are read. */
    private void fetchOpenApi(Map<String, byte[]> documents, List<String> kept)
            throws IOException, InterruptedException {
        Answer index = server.get("/openapi/v3", PLAIN);
        if (index.status() != 200) {
            return;
        }
        documents.put("openapi/v3", index.body());
        for (Map.Entry<String, JsonNode> path :
                JSON.readTree(index.body()).path("paths").properties()) {
            String name = "openapi/v3/" + path.getKey();
            String url = path.getValue().path("serverRelativeURL").asText();
            kept.add(name);
            if (!url.equals(openApiHashes.get(name))) {
                Answer document = server.get(url, PLAIN);
                if (document.status() == 200) {
                    documents.put(name, document.body());
                    openApiHashes.put(name, url);
                }
            }
        }
    }

    private void write(String name, Operation operation, byte[] body) throws InterruptedException {
        version++;
        sink.append(new Change(
                new ObjectKey(TYPE, "", name), "Document", "", Long.toString(version), now(), operation, body));
    }

    /** Says that the documents are as recorded; called regularly. */
    public void confirm() throws InterruptedException {
        if (opened) {
            mark(CoverageMark.Kind.CONFIRMED);
        }
    }

    /** Says that nobody looks at them any more. */
    public void stop() throws InterruptedException {
        if (opened) {
            mark(CoverageMark.Kind.CLOSED);
        }
    }

    private void mark(CoverageMark.Kind kind) throws InterruptedException {
        sink.mark(new CoverageMark(
                TYPE,
                kind,
                now(),
                Long.toString(version),
                kind == CoverageMark.Kind.CLOSED ? "recording was stopped" : ""));
    }

    private long now() {
        lastTime = Math.max(lastTime + 1, Times.nanos(clock.instant()));
        return lastTime;
    }
}
