/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiffTest {

    private static final String ID = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";
    private static final long START = Times.nanos(Instant.parse("2026-01-31T14:00:00Z"));
    private static final long SECOND = 1_000_000_000L;
    private static final ResourceType DEPLOYMENTS = new ResourceType("apps", "deployments");

    @TempDir
    private Path directory;

    private Store store;
    private RecordingWriter writer;
    private long now = START;
    private final List<ObjectChange> found = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        store = Stores.open(directory.resolve("recording").toString());
        writer = RecordingWriter.open(store, ID, WriterOptions.of("test", directory.resolve("state")));
    }

    @AfterEach
    void close() throws IOException {
        writer.close();
        store.close();
    }

    @Test
    void namesTheChangedFieldOfAContainerAndItsManager() throws Exception {
        String managed = """
                "managedFields":[{"manager":"argocd","time":"2026-01-31T13:00:00Z","fieldsV1":{"f:spec":{"f:containers":\
                {"k:{\\"name\\":\\"web\\"}":{"f:image":{}}}}}},{"manager":"other","time":"2026-01-31T14:00:00Z",\
                "fieldsV1":{"f:spec":{"f:replicas":{}}}}]""";
        String spec = "{\"containers\":[{\"name\":\"log\",\"image\":\"l\"},{\"name\":\"web\",\"image\":\"%s\"}]}";
        write(DEPLOYMENTS, Operation.ADDED, "web", "u1", managed, "\"spec\":" + spec.formatted("1.8"));
        write(DEPLOYMENTS, Operation.MODIFIED, "web", "u1", managed, "\"spec\":" + spec.formatted("1.9"));
        Diff.Summary summary = diff(START + SECOND, now);
        assertThat(summary.changed()).isEqualTo(1);
        FieldChange field = found.getFirst().fields().getFirst();
        assertThat(field.path()).isEqualTo("spec.containers[web].image");
        assertThat(field.before().asText() + " " + field.after().asText()).isEqualTo("1.8 1.9");
        assertThat(field.manager() + " " + field.time()).isEqualTo("argocd 2026-01-31T13:00:00Z");
    }

    @Test
    void listsAreComparedByNameSoThatAnInsertedElementIsOneChange() throws Exception {
        write(DEPLOYMENTS, Operation.ADDED, "web", "u1", "", "\"env\":[{\"name\":\"A\",\"value\":\"1\"}]");
        write(
                DEPLOYMENTS,
                Operation.MODIFIED,
                "web",
                "u1",
                "",
                "\"env\":[{\"name\":\"B\",\"value\":\"2\"},{\"name\":\"A\",\"value\":\"1\"}]");
        diff(START + SECOND, now);
        assertThat(found.getFirst().fields()).extracting(FieldChange::path).containsExactly("env[B]");
    }

    @Test
    void aConditionsTimeIsFoldedIntoItsStatusAndAValueMayChangeItsType() throws Exception {
        String status =
                "\"value\":%s,\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\",\"lastTransitionTime\":\"%s\"}]}";
        write(DEPLOYMENTS, Operation.ADDED, "web", "u1", "", status.formatted("1", "True", "a"));
        write(DEPLOYMENTS, Operation.MODIFIED, "web", "u1", "", status.formatted("{\"x\":1}", "False", "b"));
        diff(START + SECOND, now);
        assertThat(found.getFirst().fields())
                .extracting(FieldChange::path)
                .containsExactly("value", "status.conditions[Ready].status");
    }

    @Test
    void deleteAndRecreateIsAReplacement() throws Exception {
        write(DEPLOYMENTS, Operation.ADDED, "web", "u1", "", "\"a\":1");
        write(DEPLOYMENTS, Operation.DELETED, "web", "u1", "", "\"a\":1");
        write(DEPLOYMENTS, Operation.ADDED, "web", "u2", "", "\"a\":1");
        Diff.Summary all = diff(START + SECOND, now);
        assertThat(found).extracting(ObjectChange::type).containsExactly(ObjectChange.Type.REPLACED);
        assertThat(all.changed()).isEqualTo(1);
        found.clear();
        assertThat(diff(START + SECOND, START + 2 * SECOND).removed()).isEqualTo(1);
    }

    @Test
    void whatOnlyBeatsIsFoldedAndEventsAreCounted() throws Exception {
        ResourceType leases = new ResourceType("coordination.k8s.io", "leases");
        ResourceType events = new ResourceType("", "events");
        write(DEPLOYMENTS, Operation.ADDED, "web", "u1", "", "\"lastHeartbeatTime\":\"a\"");
        write(DEPLOYMENTS, Operation.MODIFIED, "web", "u1", "", "\"lastHeartbeatTime\":\"b\"");
        write(leases, Operation.ADDED, "l", "u3", "", "\"spec\":{}");
        write(events, Operation.ADDED, "e", "u4", "", "\"reason\":\"Killing\"");
        Diff.Summary summary = diff(START + SECOND, now);
        assertThat(found).isEmpty();
        assertThat(summary.isEmpty()).isTrue();
        assertThat(summary.foldedObjects()).isEqualTo(2);
        assertThat(summary.events()).isEqualTo(1);
    }

    @Test
    void fromBeforeAnythingExistedEverythingIsAdded() throws Exception {
        write(DEPLOYMENTS, Operation.ADDED, "web", "u1", "", "\"a\":1");
        assertThat(diff(START, now).added()).isEqualTo(1);
    }

    @Test
    void aGapInBetweenIsSaid() throws Exception {
        write(DEPLOYMENTS, Operation.ADDED, "web", "u1", "", "\"a\":1");
        writer.mark(new CoverageMark(DEPLOYMENTS, CoverageMark.Kind.OPENED, now, "1", ""));
        writer.mark(new CoverageMark(DEPLOYMENTS, CoverageMark.Kind.CLOSED, now + SECOND, "1", "connection lost"));
        writer.mark(new CoverageMark(DEPLOYMENTS, CoverageMark.Kind.OPENED, now + 2 * SECOND, "2", ""));
        assertThat(diff(now, now + 3 * SECOND).gaps())
                .anySatisfy(gap -> assertThat(gap.reason()).contains("connection lost"));
    }

    private void write(ResourceType type, Operation operation, String name, String uid, String managed, String content)
            throws InterruptedException {
        now += SECOND;
        String version = Long.toString((now - START) / SECOND);
        String body = "{\"kind\":\"Thing\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name
                + "\",\"namespace\":\"shop\",\"uid\":\"" + uid + "\",\"resourceVersion\":\"" + version + "\""
                + (managed.isEmpty() ? "" : "," + managed) + "}," + content + "}";
        writer.append(new Change(
                new ObjectKey(type, "shop", name),
                "Thing",
                uid,
                version,
                now,
                operation,
                body.getBytes(StandardCharsets.UTF_8)));
    }

    private Diff.Summary diff(long from, long to) throws IOException {
        writer.synced().join();
        try (Recording recording = Recording.open(store, ID, RecordingOptions.defaults())) {
            return Diff.between(recording, Scope.ALL, from, to, found::add);
        }
    }
}
