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
import dev.traversion.masking.Masking;
import dev.traversion.snapshotter.RecordingClock;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps the documents in the recording equal to those of the server. For one thread. */
public final class DocumentRecorder {

    public static final ResourceType TYPE = new ResourceType("traversion.dev", "documents");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NO_BODY = {};
    private static final String PLAIN = "application/json";

    private final ApiServer server;
    private final RecordingSink sink;
    private final Masking masking;
    private final RecordingClock clock;
    /** Hashes of the documents recorded, by name. */
    private final Map<String, Integer> hashes = new HashMap<>();

    /** Of OpenAPI documents recorded by this run: the URL, which holds a hash of them. */
    private final Map<String, String> openApiUrls = new HashMap<>();

    /** The discovery documents which the plain ones were last read for. */
    private final Map<String, Integer> described = new HashMap<>();

    private long lastTime;
    private long version;
    private boolean opened;

    /** @param recorded what the recording holds already; null if it is new */
    public DocumentRecorder(
            ApiServer server, RecordingSink sink, Masking masking, RecordingClock clock, History recorded)
            throws IOException {
        this.server = server;
        this.sink = sink;
        this.masking = masking;
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
     * Records what changed. Documents that cannot be read now are left as they are; those the server does not have any more are
     * deleted.
     *
     * @param discovery the discovery documents just read, by name
     */
    public void update(Map<String, byte[]> discovery) throws IOException, InterruptedException {
        Set<String> present = new HashSet<>(discovery.keySet());
        Map<String, Integer> describing = new HashMap<>();
        for (Map.Entry<String, byte[]> document : discovery.entrySet()) {
            describing.put(document.getKey(), Arrays.hashCode(document.getValue()));
            record(document.getKey(), document.getValue());
        }
        boolean whole = true;
        for (String path : plainPaths(discovery)) {
            if (describing.equals(described) && hashes.containsKey(path)) {
                present.add(path);
            } else if (!discovery.containsKey(path)) {
                whole &= isKnown(fetch(path, "/" + path, present));
            }
        }
        fetch("version", "/version", present);
        if (updateOpenApi(present)) {
            deleteAllBut(present);
        }
        described.clear();
        if (whole) {
            described.putAll(describing);
        }
        mark(opened ? CoverageMark.Kind.CONFIRMED : CoverageMark.Kind.OPENED);
        opened = true;
    }

    /** The plain discovery documents: clients without aggregated discovery ask for them. */
    private List<String> plainPaths(Map<String, byte[]> discovery) throws IOException {
        List<String> paths = new ArrayList<>(List.of("api", "apis"));
        for (Map.Entry<String, byte[]> document : discovery.entrySet()) {
            String root = document.getKey().replaceAll("[;/].*", "");
            JsonNode list = JSON.readTree(document.getValue());
            for (JsonNode group : list.path("items")) {
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

    /** OpenAPI documents are large; their index names a hash of each, so only those that changed are read. */
    private boolean updateOpenApi(Set<String> present) throws IOException, InterruptedException {
        Answer index = fetch("openapi/v3", "/openapi/v3", present);
        if (index.status() != 200) {
            return isKnown(index);
        }
        for (Map.Entry<String, JsonNode> path :
                JSON.readTree(index.body()).path("paths").properties()) {
            String name = "openapi/v3/" + path.getKey();
            String url = path.getValue().path("serverRelativeURL").asText("/" + name);
            if (url.equals(openApiUrls.get(name)) && hashes.containsKey(name)) {
                present.add(name);
            } else if (fetch(name, url, present).status() == 200) {
                openApiUrls.put(name, url);
            }
        }
        return true;
    }

    /** Reads and records a document; its name is present unless the server says that there is none. */
    private Answer fetch(String name, String path, Set<String> present) throws IOException, InterruptedException {
        Answer answer = server.get(path, PLAIN);
        if (answer.status() != 404) {
            present.add(name);
        }
        if (answer.status() == 200) {
            record(name, answer.body());
        }
        return answer;
    }

    /** Whether the server said what it has, even if that is nothing. */
    private static boolean isKnown(Answer answer) {
        return answer.status() == 200 || answer.status() == 404;
    }

    /** The schemas in them have the defaults of custom resources, and what their authors write. */
    private void record(String name, byte[] unmasked) throws InterruptedException {
        byte[] body;
        try {
            body = masking.apply(TYPE, unmasked);
        } catch (IOException e) {
            // What cannot be masked must not be stored.
            System.getLogger(DocumentRecorder.class.getName())
                    .log(System.Logger.Level.WARNING, "The document {0} is not recorded: it is no JSON", name);
            return;
        }
        int hash = Arrays.hashCode(body);
        Integer before = hashes.put(name, hash);
        if (before == null || before != hash) {
            write(name, before == null ? Operation.ADDED : Operation.MODIFIED, body);
        }
    }

    private void deleteAllBut(Set<String> present) throws InterruptedException {
        for (String name : List.copyOf(hashes.keySet())) {
            if (!present.contains(name)) {
                hashes.remove(name);
                openApiUrls.remove(name);
                write(name, Operation.DELETED, NO_BODY);
            }
        }
    }

    private void write(String name, Operation operation, byte[] body) throws InterruptedException {
        version++;
        sink.append(new Change(
                new ObjectKey(TYPE, "", name), "Document", "", Long.toString(version), now(), operation, body));
    }

    /** Says that nobody looks at them any more. */
    public void stop() throws InterruptedException {
        if (opened) {
            mark(CoverageMark.Kind.CLOSED);
        }
    }

    /** Says that another recorder looks at them from now on. */
    public void handOver() throws InterruptedException {
        mark(CoverageMark.Kind.HANDED_OVER);
    }

    private void mark(CoverageMark.Kind kind) throws InterruptedException {
        sink.mark(new CoverageMark(
                TYPE,
                kind,
                now(),
                Long.toString(version),
                kind == CoverageMark.Kind.CLOSED ? CoverageMark.STOPPED : ""));
    }

    private long now() {
        lastTime = Math.max(lastTime + 1, clock.now());
        return lastTime;
    }
}
