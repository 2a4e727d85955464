/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.snapshotter;

import static dev.traversion.e2e.snapshotter.Recorder.CONFIG_MAPS;
import static dev.traversion.e2e.snapshotter.Recorder.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.snapshotter.watch.StreamStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("snapshotter")
@UsesControlPlane
class SnapshotterFaultsIT {

    private static final ObjectKey DELETED = new ObjectKey(CONFIG_MAPS, "default", "deleted");
    private static final ObjectKey RECREATED = new ObjectKey(CONFIG_MAPS, "default", "recreated");
    private static final ObjectKey CHANGED = new ObjectKey(CONFIG_MAPS, "default", "changed");
    private static final ObjectKey SAME = new ObjectKey(CONFIG_MAPS, "default", "same");

    @Test
    void aRestartedApiserverLeavesAGapAndTombstones(ControlPlane plane) throws Exception {
        Kubectl kubectl = plane.kubectl();
        before(kubectl);
        MemorySink sink = new MemorySink();
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            long uidsBefore = sink.alive().size();
            assertThat(uidsBefore).isPositive();
            plane.kill("apiserver");
            plane.start("apiserver");
            // Whether the watches are resumed or expire is up to the server; either way nothing is lost without a word.
            meanwhile(kubectl);
            await("all is observed again", () -> isAsServed(recorder, sink));

            assertTombstones(sink);
            assertThat(sink.changes(SAME)).hasSize(1);
            assertThat(recorder.snapshotter().status())
                    .filteredOn(status -> status.state() != StreamStatus.State.OBSERVING)
                    .isEmpty();
        }
        assertThat(sink.complaints()).isEmpty();
    }

    @Test
    void whatHappenedWhileNothingWasWatchedIsWalkedBack(ControlPlane plane, @TempDir Path directory) throws Exception {
        Kubectl kubectl = plane.kubectl();
        before(kubectl);
        MemorySink sink = new MemorySink();
        try (Gateway gateway = new Gateway(plane.kubeconfig());
                Recorder recorder = new Recorder(gateway.kubeconfig(plane.kubeconfig(), directory), sink)) {
            await("it is confirmed", () -> sink.marks(CONFIG_MAPS).size() > 1);
            gateway.cut();
            int seen = sink.changes(CONFIG_MAPS).size();
            // With its watch cache new, the API server cannot resume any watch from before.
            plane.kill("apiserver");
            plane.start("apiserver");
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                expected.add(version(kubectl, "label", "--overwrite", "changed", "x=" + i));
            }
            for (String life : List.of("first", "second")) {
                expected.add(version(kubectl, "create", "", "brief", "--from-literal=life=" + life));
                expected.add(version(kubectl, "label", "", "brief", "x=y"));
                expected.add(deletion(kubectl, "brief"));
            }
            expected.add(deletion(kubectl, "deleted"));
            expected.add(deletion(kubectl, "recreated"));
            expected.add(version(kubectl, "create", "", "recreated", "--from-literal=a=2"));
            expected.add(version(kubectl, "create", "", "new", "--from-literal=a=3"));
            gateway.mend();
            await("all is observed again", () -> isAsServed(recorder, sink));

            List<Change> missed = sink.changes(CONFIG_MAPS)
                    .subList(seen, sink.changes(CONFIG_MAPS).size());
            assertThat(missed).extracting(SnapshotterFaultsIT::told).containsExactlyElementsOf(expected);
            assertThat(sink.coverage(CONFIG_MAPS))
                    .as("nothing is missing")
                    .filteredOn(each -> !each.observed())
                    .allSatisfy(
                            gap -> assertThat(gap.reason()).startsWith("connection lost, changes were recorded late"));
        }
        assertThat(sink.complaints()).isEmpty();
    }

    /** Changes a config map; what a recording must hold of it then. */
    private static String version(Kubectl kubectl, String verb, String flag, String name, String argument) {
        List<String> command = new ArrayList<>(List.of(verb, "configmap", name, argument));
        if (!flag.isEmpty()) {
            command.add(flag);
        }
        kubectl.output(command.toArray(String[]::new));
        return name + " "
                + kubectl.output("get", "--raw", "/api/v1/namespaces/default/configmaps/" + name)
                        .strip();
    }

    private static String deletion(Kubectl kubectl, String name) {
        String last = kubectl.output("get", "--raw", "/api/v1/namespaces/default/configmaps/" + name)
                .strip();
        kubectl.output("delete", "configmap", name);
        return name + " DELETED " + last.replaceFirst("\"resourceVersion\":\"\\d+\"", "");
    }

    private static String told(Change change) {
        String body = Recorder.body(change);
        return change.key().name()
                + (change.operation() == Operation.DELETED
                        ? " DELETED " + body.replace("\"resourceVersion\":\"" + change.resourceVersion() + "\"", "")
                        : " " + body);
    }

    @Test
    void changesDuringALongOutageAreFoundAndTheOutageIsAGap(ControlPlane plane) throws Exception {
        Kubectl kubectl = plane.kubectl();
        before(kubectl);
        MemorySink sink = new MemorySink();
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            await("it is confirmed", () -> sink.marks(CONFIG_MAPS).size() > 1);
            String endpoint = plane.etcd().toString();
            plane.kill("apiserver");
            await("the outage is declared", () -> sink.coverage(CONFIG_MAPS).stream()
                    .anyMatch(each -> !each.observed() && each.reason().contains("connection lost")));
            assertThat(recorder.status(CONFIG_MAPS).orElseThrow().state()).isEqualTo(StreamStatus.State.GAP);
            // Deleted behind the API server's back, and what happened since is compacted away: no watch can tell it.
            etcdctl(plane, endpoint, "del", "/registry/configmaps/default/deleted");
            String revision = etcdctl(plane, endpoint, "get", "x", "-w", "fields")
                    .replaceAll("(?s).*\"Revision\" : (\\d+).*", "$1");
            etcdctl(plane, endpoint, "compact", revision);
            plane.start("apiserver");
            await("the deletion is found", () -> sink.changes(DELETED).getLast().operation() == Operation.DELETED);
            await("all is observed again", () -> isAsServed(recorder, sink));

            Change tombstone = sink.changes(DELETED).getLast();
            assertThat(tombstone.body()).isEmpty();
            assertThat(Long.parseLong(tombstone.resourceVersion()))
                    .isGreaterThan(
                            Long.parseLong(sink.changes(DELETED).getFirst().resourceVersion()));
            assertThat(sink.changes(SAME)).hasSize(1);
            List<CoverageInterval> coverage = sink.coverage(CONFIG_MAPS);
            assertThat(coverage)
                    .extracting(CoverageInterval::observed)
                    .startsWith(true, false)
                    .endsWith(true);
            assertThat(coverage.get(0).to()).isEqualTo(coverage.get(1).from());
            assertThat(coverage.get(1).reason()).contains("etcd has compacted", "intermediate versions are unknown");
            assertThat(tombstone.observedAt())
                    .isBetween(coverage.get(1).from(), coverage.getLast().from());
        }
        assertThat(sink.complaints()).isEmpty();
    }

    @Test
    void listsArePagedWhereTheyCannotBeStreamed() throws Exception {
        try (ControlPlane plane = ControlPlane.start(new String[] {"--feature-gates=WatchList=false"})) {
            Kubectl kubectl = plane.kubectl();
            StringBuilder many = new StringBuilder();
            for (int i = 0; i < 1_100; i++) {
                many.append("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"many-" + i
                        + "\"},\"data\":{\"a\":\"<ü&>\"}}\n---\n");
            }
            kubectl.runWithInput(many.toString(), "create", "-f", "-");
            MemorySink sink = new MemorySink();
            try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
                assertThat(recorder.status(CONFIG_MAPS).orElseThrow().state()).isEqualTo(StreamStatus.State.OBSERVING);
                assertThat(recorder.status(CONFIG_MAPS).orElseThrow().objects()).isGreaterThanOrEqualTo(1_100);
                assertThat(isAsServed(recorder, sink)).isTrue();
                ObjectKey key = new ObjectKey(CONFIG_MAPS, "default", "many-7");
                assertThat(recorder.get(key))
                        .hasValue(Recorder.body(sink.alive().get(key)));
                kubectl.output("label", "configmap", "many-7", "x=y");
                await("a change is seen", () -> sink.changes(key).size() == 2);
                assertThat(recorder.get(key))
                        .hasValue(Recorder.body(sink.alive().get(key)));
            }
        }
    }

    @Test
    void aRestartedRecorderGoesOnWhereItEnded(ControlPlane plane, @TempDir Path directory) throws Exception {
        Kubectl kubectl = plane.kubectl();
        before(kubectl);
        Store store = new FileStore(directory.resolve("recording"));
        WriterOptions options = WriterOptions.of("test", directory.resolve("state"));
        try (RecordingWriter writer = RecordingWriter.open(store, "cluster", options);
                Recorder recorder = new Recorder(plane.kubeconfig(), writer)) {
            assertThat(recorder.snapshotter().failure()).isEmpty();
        }
        kubectl.output("label", "configmap", "changed", "x=first");
        meanwhile(kubectl);

        MemorySink sink = new MemorySink();
        try (History recorded = Recording.open(store, "cluster", RecordingOptions.defaults());
                Recorder recorder = new Recorder(plane.kubeconfig(), "", sink, recorded)) {
            assertTombstones(sink);
            assertThat(sink.changes(SAME)).isEmpty();
            assertThat(sink.changes(CHANGED))
                    .extracting(Change::operation)
                    .containsExactly(Operation.MODIFIED, Operation.MODIFIED);
            assertThat(Recorder.body(sink.changes(CHANGED).getFirst())).contains("\"x\":\"first\"");
            assertThat(sink.changes(DELETED)).singleElement().satisfies(deletion -> assertThat(Recorder.body(deletion))
                    .contains("\"a\":\"1\"", deletion.resourceVersion()));
            assertThat(sink.changes(CONFIG_MAPS).getFirst().observedAt()).isGreaterThan(recorded.end());
            assertThat(recorder.snapshotter().failure()).isEmpty();
        }
    }

    @Test
    void manyKindsAreAllWatchedAtOnce(ControlPlane plane) throws Exception {
        StringBuilder definitions = new StringBuilder();
        for (int i = 0; i < 150; i++) {
            definitions.append("""
                    apiVersion: apiextensions.k8s.io/v1
                    kind: CustomResourceDefinition
                    metadata: {name: things%1$d.many.test}
                    spec:
                      group: many.test
                      scope: Cluster
                      names: {plural: things%1$d, kind: Thing%1$d, listKind: Thing%1$dList}
                      versions:
                        - name: v1
                          served: true
                          storage: true
                          schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                    ---
                    """.formatted(i));
        }
        plane.kubectl().apply(definitions.toString());
        plane.kubectl().awaitEstablished("crd", "--all");
        MemorySink sink = new MemorySink();
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            await(
                    "all kinds are observed",
                    () -> recorder.snapshotter().status().stream()
                                    .filter(status -> status.type().group().equals("many.test"))
                                    .filter(status -> status.state() == StreamStatus.State.OBSERVING)
                                    .count()
                            == 150);
        }
    }

    private static void before(Kubectl kubectl) {
        for (String name : List.of("deleted", "recreated", "changed", "same")) {
            kubectl.output("create", "configmap", name, "--from-literal=a=1");
        }
    }

    private static void meanwhile(Kubectl kubectl) {
        kubectl.output("delete", "configmap", "deleted", "recreated");
        kubectl.output("create", "configmap", "recreated", "--from-literal=a=2");
        kubectl.output("label", "--overwrite", "configmap", "changed", "x=y");
    }

    private static void assertTombstones(MemorySink sink) {
        assertThat(sink.changes(DELETED).getLast().operation()).isEqualTo(Operation.DELETED);
        assertThat(sink.changes(RECREATED)).extracting(Change::operation).endsWith(Operation.DELETED, Operation.ADDED);
        List<Change> recreated = sink.changes(RECREATED);
        assertThat(recreated.getLast().uid())
                .isNotEqualTo(recreated.get(recreated.size() - 2).uid());
        assertThat(sink.changes(CHANGED).getLast().operation()).isEqualTo(Operation.MODIFIED);
    }

    /** Whether the config maps recorded as existing are those of a list. */
    private static boolean isAsServed(Recorder recorder, MemorySink sink) throws Exception {
        if (recorder.snapshotter().status().stream()
                .anyMatch(status -> status.state() != StreamStatus.State.OBSERVING)) {
            return false;
        }
        String list = recorder.get("/api/v1/configmaps", CONFIG_MAPS).orElseThrow();
        Map<ObjectKey, Change> alive = new TreeMap<>(sink.alive());
        alive.keySet().removeIf(key -> !key.type().equals(CONFIG_MAPS));
        return alive.values().stream()
                        .allMatch(each -> list.contains("\"resourceVersion\":\"" + each.resourceVersion() + "\""))
                && list.split("\"uid\":", -1).length - 1 == alive.size();
    }

    private static String etcdctl(ControlPlane plane, String endpoint, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(plane.etcdctl().toString(), "--endpoints", endpoint));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
