/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.snapshotter;

import static dev.traversion.e2e.snapshotter.Recorder.CONFIG_MAPS;
import static dev.traversion.e2e.snapshotter.Recorder.SECRETS;
import static dev.traversion.e2e.snapshotter.Recorder.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.snapshotter.documents.DocumentRecorder;
import dev.traversion.snapshotter.watch.StreamStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("snapshotter")
@UsesControlPlane
class SnapshotterIT {

    private static final String WIDGETS = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.test}
            spec:
              group: example.test
              scope: Namespaced
              names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
            """;
    private static final ResourceType WIDGET = new ResourceType("example.test", "widgets");
    private static final ResourceType DEPLOYMENTS = new ResourceType("apps", "deployments");

    private final ControlPlane plane;
    private final Kubectl kubectl;

    SnapshotterIT(ControlPlane plane) {
        this.plane = plane;
        this.kubectl = plane.kubectl();
    }

    @Test
    void whatIsRecordedIsWhatAGetAnswersByteForByteAfterMasking() throws Exception {
        kubectl.apply("""
                apiVersion: v1
                kind: Secret
                metadata: {name: exact}
                stringData: {password: hunter2, pass: "<&> line\\nümlaut"}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: exact, labels: {a: "1"}}
                data: {text: "<a&b> ü 𝄞 \\u2028 \\\\ \\" \\t", json: '{"password": "hunter3", "list": [1, 2.50]}'}
                """);
        MemorySink sink = new MemorySink();
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            kubectl.output("label", "configmap", "exact", "b=2");
            ObjectKey key = new ObjectKey(CONFIG_MAPS, "default", "exact");
            await("the label is seen", () -> sink.changes(key).size() == 2);

            int compared = 0;
            for (Map.Entry<ObjectKey, Change> each : sink.alive().entrySet()) {
                ResourceType type = each.getKey().type();
                if (type.group().isEmpty()) {
                    String live = recorder.get(each.getKey()).orElse("");
                    if (live.contains("\"resourceVersion\":\"" + each.getValue().resourceVersion() + "\"")) {
                        assertThat(Recorder.body(each.getValue())).isEqualTo(live);
                        compared++;
                    }
                }
            }
            assertThat(compared).isGreaterThan(5);
            assertThat(Recorder.body(sink.alive().get(new ObjectKey(SECRETS, "default", "exact"))))
                    .doesNotContain("hunter2")
                    .doesNotContain("aHVudGVyMg")
                    .contains("last-applied-configuration");
            assertThat(Recorder.body(sink.alive().get(key))).doesNotContain("hunter3");

            ObjectKey secret = new ObjectKey(SECRETS, "default", "exact");
            kubectl.output("patch", "secret", "exact", "--patch", "{\"stringData\":{\"password\":\"hunter4\"}}");
            kubectl.output("delete", "secret", "exact");
            await("the secret's end is seen", () -> sink.changes(secret).size() == 3);
            assertThat(sink.changes(secret))
                    .extracting(Change::operation)
                    .containsExactly(Operation.ADDED, Operation.MODIFIED, Operation.DELETED);
            assertThat(sink.changes())
                    .extracting(Recorder::body)
                    .noneMatch(body -> body.contains("hunter") || body.contains("aHVudGVy"));
        } finally {
            kubectl.output("delete", "secret/exact", "configmap/exact", "--ignore-not-found");
        }
        assertThat(sink.complaints()).isEmpty();
    }

    @Test
    void aKindThatAppearsLaterIsRecordedAndOneThatVanishesEnds() throws Exception {
        MemorySink sink = new MemorySink();
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            StreamStatus configMaps = recorder.status(CONFIG_MAPS).orElseThrow();
            kubectl.apply(WIDGETS);
            await("widgets are observed", () -> recorder.status(WIDGET)
                    .map(status -> status.state() == StreamStatus.State.OBSERVING)
                    .orElse(false));
            await(
                    "widgets are served",
                    () -> kubectl.runWithInput("""
                            apiVersion: example.test/v1
                            kind: Widget
                            metadata: {name: one, namespace: default}
                            spec: {size: 1, adminPassword: hunter2}
                            """, "apply", "-f", "-").status() == 0);
            ObjectKey one = new ObjectKey(WIDGET, "default", "one");
            await("the widget is seen", () -> sink.alive().containsKey(one));
            Change seen = sink.alive().get(one);
            assertThat(Recorder.body(seen)).doesNotContain("hunter2").contains("\"adminPassword\":\"hmac:");
            assertThat(recorder.get("/apis/example.test/v1/namespaces/default/widgets/one", WIDGET))
                    .hasValue(Recorder.body(seen));
            assertThat(seen.kind()).isEqualTo("Widget");
            await("its discovery document is recorded", () -> sink.alive()
                    .containsKey(new ObjectKey(DocumentRecorder.TYPE, "", "apis/example.test/v1")));

            kubectl.output("delete", "crd", "widgets.example.test");
            await("widgets are not followed", () -> recorder.status(WIDGET).isEmpty());

            assertThat(sink.changes(one).getLast().operation()).isEqualTo(Operation.DELETED);
            assertThat(sink.coverage(WIDGET).getLast().observed()).isFalse();
            assertThat(sink.coverage(WIDGET).getLast().reason()).contains("not served");
            await("its discovery document is deleted", () -> !sink.alive()
                    .containsKey(new ObjectKey(DocumentRecorder.TYPE, "", "apis/example.test/v1")));
            assertThat(recorder.status(CONFIG_MAPS).orElseThrow()).isSameAs(configMaps);
            assertThat(configMaps.gaps()).isZero();

            kubectl.apply(WIDGETS);
            await("widgets are observed again", () -> recorder.status(WIDGET)
                    .map(status -> status.state() == StreamStatus.State.OBSERVING)
                    .orElse(false));
            assertThat(sink.changes(one))
                    .filteredOn(each -> each.operation() == Operation.DELETED)
                    .hasSize(1);
        } finally {
            kubectl.output("delete", "crd", "widgets.example.test", "--ignore-not-found");
        }
        assertThat(sink.complaints()).isEmpty();
    }

    /** One strange object must not keep its whole kind from being recorded. */
    @Test
    void objectsAreRecordedHoweverDeepTheyAre() throws Exception {
        kubectl.apply(
                WIDGETS.replace("widgets", "wells").replace("widget", "well").replace("Widget", "Well"));
        kubectl.awaitEstablished("crd", "wells.example.test");
        ResourceType wells = new ResourceType("example.test", "wells");
        int depth = 1_500;
        String spec = "{\"a\":".repeat(depth) + "{\"password\":\"hunter2\"}" + "}".repeat(depth);
        MemorySink sink = new MemorySink();
        try {
            await(
                    "wells are served",
                    () -> kubectl.runWithInput(
                                            "{\"apiVersion\":\"example.test/v1\",\"kind\":\"Well\",\"metadata\":{\"name\":\"deep\","
                                                    + "\"namespace\":\"default\"},\"spec\":" + spec + "}",
                                            "create",
                                            "--validate=false",
                                            "-f",
                                            "-")
                                    .status()
                            == 0);
            try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
                ObjectKey deep = new ObjectKey(wells, "default", "deep");
                await("the deep object is listed", () -> sink.alive().containsKey(deep));
                kubectl.output("annotate", "wells", "deep", "a=b");
                await("the deep object is watched", () -> sink.changes(deep).size() == 2);
                assertThat(Recorder.body(sink.alive().get(deep))).doesNotContain("hunter2");
                assertThat(recorder.get("/apis/example.test/v1/namespaces/default/wells/deep", wells))
                        .hasValue(Recorder.body(sink.alive().get(deep)));
                assertThat(recorder.status(wells).orElseThrow().gaps()).isZero();
            }
        } finally {
            kubectl.output("delete", "crd", "wells.example.test");
        }
    }

    @Test
    void anObjectThatIsDeletedAndMadeAgainHasTwoLifetimes() throws Exception {
        MemorySink sink = new MemorySink();
        ObjectKey key = new ObjectKey(CONFIG_MAPS, "default", "phoenix");
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            kubectl.output("create", "configmap", "phoenix", "--from-literal=a=1");
            kubectl.output("delete", "configmap", "phoenix");
            kubectl.output("create", "configmap", "phoenix", "--from-literal=a=2");
            await("three changes are seen", () -> sink.changes(key).size() == 3);

            List<Change> changes = sink.changes(key);
            assertThat(changes)
                    .extracting(Change::operation)
                    .containsExactly(Operation.ADDED, Operation.DELETED, Operation.ADDED);
            assertThat(changes.get(1).uid()).isEqualTo(changes.get(0).uid());
            assertThat(changes.get(2).uid()).isNotEqualTo(changes.get(0).uid());
            assertThat(changes.get(1).resourceVersion())
                    .isNotEqualTo(changes.get(0).resourceVersion());
            assertThat(Recorder.body(changes.get(1))).contains("\"a\":\"1\"");
            assertThat(recorder.snapshotter().failure()).isEmpty();
        } finally {
            kubectl.output("delete", "configmap", "phoenix", "--ignore-not-found");
        }
    }

    @Test
    void whatIsForbiddenIsAGapWithItsReasonAndTheRestGoesOn() throws Exception {
        kubectl.apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: limited}
                rules: [{apiGroups: ["", "apps"], resources: [configmaps, deployments], verbs: [get, list, watch]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: limited}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: limited}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: limited}]
                """);
        MemorySink sink = new MemorySink();
        try (Recorder recorder = new Recorder(plane.kubeconfig(), "limited", sink, null)) {
            StreamStatus secrets = recorder.status(SECRETS).orElseThrow();
            assertThat(secrets.state()).isEqualTo(StreamStatus.State.GAP);
            assertThat(secrets.reason()).startsWith("forbidden: ").contains("secrets", "limited");
            assertThat(sink.marks(SECRETS)).extracting(CoverageMark::kind).containsExactly(CoverageMark.Kind.GAP);
            assertThat(sink.coverage(SECRETS)).singleElement().satisfies(gap -> {
                assertThat(gap.observed()).isFalse();
                assertThat(gap.reason()).startsWith("forbidden: ");
            });
            assertThat(recorder.status(DEPLOYMENTS).orElseThrow().state()).isEqualTo(StreamStatus.State.OBSERVING);

            kubectl.output("create", "configmap", "allowed");
            await("the rest goes on", () -> sink.alive().containsKey(new ObjectKey(CONFIG_MAPS, "default", "allowed")));
        } finally {
            kubectl.output("delete", "clusterrole/limited", "clusterrolebinding/limited");
            kubectl.output("delete", "configmap", "allowed", "--ignore-not-found");
        }
    }

    @Test
    void largeObjectsArriveWholeInListsAndInWatches() throws Exception {
        List<String> names = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                createLarge(i);
                names.add("configmap/large-" + i);
            }
            MemorySink sink = new MemorySink();
            try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
                for (int i = 0; i < 5; i++) {
                    ObjectKey key = new ObjectKey(CONFIG_MAPS, "default", "large-" + i);
                    assertThat(sink.alive().get(key).body().length).isGreaterThan(900_000);
                    assertThat(recorder.get(key))
                            .hasValue(Recorder.body(sink.alive().get(key)));
                }
                createLarge(5);
                names.add("configmap/large-5");
                ObjectKey watched = new ObjectKey(CONFIG_MAPS, "default", "large-5");
                await("a large object is watched", () -> sink.alive().containsKey(watched));
                assertThat(recorder.get(watched))
                        .hasValue(Recorder.body(sink.alive().get(watched)));
            }
        } finally {
            names.forEach(name -> kubectl.output("delete", name, "--ignore-not-found"));
        }
    }

    private void createLarge(int number) {
        Completed created = kubectl.runWithInput(
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"large-" + number
                        + "\"},\"data\":{\"a\":\"" + "x<".repeat(350_000) + "\"}}",
                "create",
                "-f",
                "-");
        assertThat(created.status()).as(created.err()).isZero();
    }

    @Test
    void theServersDocumentsAreRecordedAsServed() throws Exception {
        MemorySink sink = new MemorySink();
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            await(
                    "documents are recorded",
                    () -> sink.marks(DocumentRecorder.TYPE).size() > 0);
            for (String name : List.of("version", "api", "apis", "api/v1", "apis/apps", "apis/apps/v1", "openapi/v3")) {
                assertThat(document(sink, name))
                        .isEqualTo(
                                recorder.get("/" + name, DocumentRecorder.TYPE).orElseThrow());
            }
            assertThat(document(sink, "openapi/v3/apis/apps/v1")).contains("io.k8s.api.apps.v1.Deployment");
            assertThat(document(sink, "apis;as=APIGroupDiscoveryList")).contains("\"kind\":\"APIGroupDiscoveryList\"");
            assertThat(document(sink, "api;as=APIGroupDiscoveryList")).contains("\"kind\":\"APIGroupDiscoveryList\"");
        }
    }

    private static String document(MemorySink sink, String name) {
        Change document = sink.alive().get(new ObjectKey(DocumentRecorder.TYPE, "", name));
        assertThat(document).as(name).isNotNull();
        return new String(document.body(), StandardCharsets.UTF_8).strip();
    }

    @Test
    void everythingThatCanBeWatchedIsObservedAndEndsWhenTold() throws Exception {
        MemorySink sink = new MemorySink();
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            assertThat(recorder.snapshotter().status()).hasSizeGreaterThan(40).allSatisfy(status -> assertThat(
                            status.state())
                    .as(status.type().toString())
                    .isEqualTo(StreamStatus.State.OBSERVING));
            assertThat(recorder.snapshotter().discoveryProblem()).isEmpty();
            await(
                    "a quiet resource is confirmed again",
                    () -> sink.marks(DEPLOYMENTS).size() > 1);
        }
        assertThat(sink.marks(DEPLOYMENTS).getFirst().kind()).isEqualTo(CoverageMark.Kind.OPENED);
        assertThat(sink.marks(DEPLOYMENTS).getLast().kind()).isEqualTo(CoverageMark.Kind.CLOSED);
        assertThat(sink.coverage(DEPLOYMENTS)).first().satisfies(interval -> assertThat(interval.observed())
                .isTrue());
        assertThat(sink.coverage(DEPLOYMENTS))
                .filteredOn(CoverageInterval::observed)
                .hasSize(1);
    }
}
