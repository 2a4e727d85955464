/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;

/** Writes a real recording by hand: each change happens a second after the one before. */
final class TestCluster implements AutoCloseable {

    static final String ID = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";
    static final long START = Moment.nanos(Instant.parse("2026-01-31T14:00:00Z"));
    static final long SECOND = 1_000_000_000L;

    private static final ResourceType DOCUMENTS = new ResourceType("traversion.dev", "documents");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Store store;
    private final RecordingWriter writer;
    private long now = START;

    TestCluster(Path directory) throws IOException {
        store = Stores.open(directory.resolve("recording").toString());
        writer = RecordingWriter.open(store, ID, WriterOptions.of("test", directory.resolve("state")));
    }

    /** The instant of the last change. */
    long now() {
        return now;
    }

    String time() {
        return Moment.format(now);
    }

    TestCluster tick(long nanos) {
        now += nanos;
        return this;
    }

    TestCluster document(String name, String json) throws InterruptedException {
        append(new ObjectKey(DOCUMENTS, "", name), "Document", "1", Operation.ADDED, json);
        return this;
    }

    TestCluster added(ResourceType type, String body) throws Exception {
        return change(type, Operation.ADDED, body);
    }

    TestCluster modified(ResourceType type, String body) throws Exception {
        return change(type, Operation.MODIFIED, body);
    }

    TestCluster deleted(ResourceType type, String body) throws Exception {
        return change(type, Operation.DELETED, body);
    }

    private TestCluster change(ResourceType type, Operation operation, String body) throws Exception {
        JsonNode object = JSON.readTree(body);
        JsonNode metadata = object.path("metadata");
        ObjectKey key = new ObjectKey(
                type,
                metadata.path("namespace").asText(""),
                metadata.path("name").asText());
        append(
                key,
                object.path("kind").asText(),
                metadata.path("resourceVersion").asText(),
                operation,
                body);
        return this;
    }

    private void append(ObjectKey key, String kind, String version, Operation operation, String body)
            throws InterruptedException {
        now += SECOND;
        writer.append(new Change(
                key, kind, "uid-" + key.name(), version, now, operation, body.getBytes(StandardCharsets.UTF_8)));
    }

    TestCluster mark(ResourceType type, CoverageMark.Kind kind, String version, String reason)
            throws InterruptedException {
        now += SECOND;
        writer.mark(new CoverageMark(type, kind, now, version, reason));
        return this;
    }

    void sync() {
        writer.synced().join();
    }

    /** The recording as it is being written. */
    Recording open() throws IOException {
        sync();
        return Recording.open(store, ID, RecordingOptions.defaults());
    }

    @Override
    public void close() throws IOException {
        writer.close();
        store.close();
    }
}
