/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.snapshotter;

import static dev.traversion.e2e.snapshotter.Recorder.CONFIG_MAPS;
import static dev.traversion.e2e.snapshotter.Recorder.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.snapshotter.watch.StreamStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an API server behind the cluster's own may say. Nothing else may stop for it, and what cannot be recorded is a gap. */
@Tag("snapshotter")
@UsesControlPlane
class BadInputIT {

    private static final ResourceType ODDITIES = new ResourceType("odd.test", "oddities");
    private static final ObjectKey A = new ObjectKey(ODDITIES, "", "a");
    private static final ObjectKey B = new ObjectKey(ODDITIES, "", "b");

    private final MemorySink sink = new MemorySink();
    private ControlPlane plane;
    private AggregatedApi api;

    @BeforeEach
    void serve(ControlPlane plane) throws Exception {
        this.plane = plane;
        api = new AggregatedApi(plane);
    }

    @AfterEach
    void end() {
        api.close();
        assertThat(sink.complaints()).isEmpty();
    }

    @Test
    void whatIsNotInEtcdIsRecordedAsBestEffort() throws Exception {
        api.setList(AggregatedApi.list("abc", AggregatedApi.object("a", "x1", "")));
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            assertThat(state(recorder)).isEqualTo(StreamStatus.State.OBSERVING);
            await("the watch begins", () -> api.watchedFrom().equals("abc"));
            api.send("{\"type\":\"MODIFIED\",\"object\":" + AggregatedApi.object("a", "x0", ",\"spec\":{\"n\":2}")
                    + "}");
            await(
                    "odd versions are recorded as they come",
                    () -> sink.changes(A).size() == 2);
            assertThat(sink.coverage(ODDITIES)).singleElement().satisfies(interval -> {
                assertThat(interval.observed()).isTrue();
                assertThat(interval.reason()).isEqualTo("best effort: served by default/odd");
            });
            assertThat(sink.coverage(CONFIG_MAPS))
                    .extracting(CoverageInterval::reason)
                    .containsOnly("");
        }
    }

    @Test
    void listsWithoutAVersionAreRepeatedAndAGap() throws Exception {
        api.setList(AggregatedApi.list("", AggregatedApi.object("a", "", "")));
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            assertThat(state(recorder)).isEqualTo(StreamStatus.State.GAP);
            assertThat(recorder.status(ODDITIES).orElseThrow().reason()).contains("best effort", "no resourceVersion");
            assertThat(sink.changes(A)).hasSize(1);
            assertTheRestGoesOn(recorder);
        }
    }

    @Test
    void aLineThatIsNoEventIsAGapUntilAListShowsWhatThereIs() throws Exception {
        api.setList(AggregatedApi.list("5", AggregatedApi.object("a", "5", "")));
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            await("the watch begins", () -> api.watchedFrom().equals("5"));
            api.setList(AggregatedApi.list("8", AggregatedApi.object("b", "8", "")));
            api.send("{\"type\":\"EXPLODED\",\"object\":" + AggregatedApi.object("b", "8", "") + "}");
            await("the watch begins again", () -> api.watchedFrom().equals("8"));
            await("it is observed again", () -> state(recorder) == StreamStatus.State.OBSERVING);
            assertThat(sink.changes(A))
                    .extracting(Change::operation)
                    .containsExactly(Operation.ADDED, Operation.DELETED);
            assertThat(sink.changes(B)).hasSize(1);
            assertThat(gaps()).singleElement().asString().contains("could not be read", "EXPLODED");
            assertTheRestGoesOn(recorder);
        }
    }

    @Test
    void anObjectThatNoListShowsEitherStaysAGapAndItsNeighboursAreRecorded() throws Exception {
        api.setList(AggregatedApi.list("5", "{\"metadata\":{\"name\":[7]}}", AggregatedApi.object("a", "5", "")));
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            assertThat(state(recorder)).isEqualTo(StreamStatus.State.GAP);
            api.send("{\"type\":\"MODIFIED\",\"object\":" + AggregatedApi.object("a", "6", "") + "}");
            await("the neighbour is recorded", () -> sink.changes(A).size() == 2);
            assertThat(state(recorder)).isEqualTo(StreamStatus.State.GAP);
            assertTheRestGoesOn(recorder);
        }
    }

    @Test
    void linesOfTenMegabytesAreRecordedWhole() throws Exception {
        String large = AggregatedApi.object("b", "6", ",\"spec\":{\"text\":\"" + "x".repeat(10 << 20) + "\"}");
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            api.send("{\"type\":\"ADDED\",\"object\":" + large + "}");
            await("it is recorded", () -> !sink.changes(B).isEmpty());
            assertThat(Recorder.body(sink.changes(B).getFirst())).isEqualTo(large);
            assertThat(gaps()).isEmpty();
            assertTheRestGoesOn(recorder);
        }
    }

    @Test
    void bytesThatAreNoUtf8AreKeptOrAGapAndNothingElseStops() throws Exception {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.write("{\"type\":\"ADDED\",\"object\":".getBytes(StandardCharsets.UTF_8));
        line.write(AggregatedApi.object("b", "6", ",\"spec\":{\"text\":\"?\"}").getBytes(StandardCharsets.UTF_8));
        line.write("}\n".getBytes(StandardCharsets.UTF_8));
        byte[] bytes = line.toByteArray();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = bytes[i] == '?' ? (byte) 0xC3 : bytes[i];
        }
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            api.send(bytes);
            api.send("{\"type\":\"ADDED\",\"object\":" + AggregatedApi.object("a", "7", "") + "}");
            await("what follows is recorded", () -> !sink.changes(A).isEmpty());
            assertThat(sink.changes(B).isEmpty())
                    .as("recorded, or a gap: " + gaps())
                    .isNotEqualTo(gaps().isEmpty());
            assertTheRestGoesOn(recorder);
        }
    }

    @Test
    void halfAnEventAtTheEndIsAskedForAgain() throws Exception {
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            await("the watch begins", () -> api.watchedFrom().equals("1"));
            api.send("{\"type\":\"ADDED\",\"object\":" + AggregatedApi.object("a", "6", "") + "}");
            api.send("{\"type\":\"ADDED\",\"object\":{\"metadata\":{\"na".getBytes(StandardCharsets.UTF_8));
            api.send(AggregatedApi.CUT);
            await("the watch is resumed", () -> api.watchedFrom().equals("6"));
            api.send("{\"type\":\"ADDED\",\"object\":" + AggregatedApi.object("b", "7", "") + "}");
            await("the rest is recorded", () -> !sink.changes(B).isEmpty());
            assertThat(gaps()).isEmpty();
            assertTheRestGoesOn(recorder);
        }
    }

    @Test
    void aKindThatVanishesWhileItIsWatchedIsAGapWithItsReason() throws Exception {
        plane.kubectl().apply("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: fleeting.bad.test}
                spec:
                  group: bad.test
                  scope: Namespaced
                  names: {plural: fleeting, kind: Fleeting}
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
                """);
        plane.kubectl().awaitEstablished("crd/fleeting.bad.test");
        plane.kubectl().apply("{apiVersion: bad.test/v1, kind: Fleeting, metadata: {name: one, namespace: default}}");
        ResourceType type = new ResourceType("bad.test", "fleeting");
        ObjectKey one = new ObjectKey(type, "default", "one");
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            assertThat(sink.changes(one)).hasSize(1);
            plane.kubectl().output("delete", "crd", "fleeting.bad.test");
            await("it is a gap", () -> sink.coverage(type).stream().anyMatch(each -> !each.observed()));
            assertThat(sink.changes(one)).extracting(Change::operation).endsWith(Operation.DELETED);
            assertThat(sink.coverage(type).getLast().reason()).contains("not served");
            assertTheRestGoesOn(recorder);
        }
    }

    private void assertTheRestGoesOn(Recorder recorder) throws Exception {
        int before = sink.changes(CONFIG_MAPS).size();
        plane.kubectl().output("create", "configmap", "witness-" + System.nanoTime());
        await("config maps are recorded", () -> sink.changes(CONFIG_MAPS).size() > before);
        assertThat(recorder.snapshotter().failure()).isEmpty();
        assertThat(recorder.status(CONFIG_MAPS).orElseThrow().state()).isEqualTo(StreamStatus.State.OBSERVING);
    }

    private List<String> gaps() {
        return sink.coverage(ODDITIES).stream()
                .filter(each -> !each.observed())
                .map(CoverageInterval::reason)
                .toList();
    }

    private static StreamStatus.State state(Recorder recorder) {
        return recorder.status(ODDITIES).orElseThrow().state();
    }
}
