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
import dev.traversion.e2e.cluster.Kubectl;
import dev.traversion.e2e.cluster.UsesControlPlane;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A namespace that vanishes while its objects are being listed. */
@Tag("snapshotter")
@UsesControlPlane
class NamespaceDeletedIT {

    private static final ResourceType NAMESPACES = new ResourceType("", "namespaces");
    private static final int OBJECTS = 1_500;

    /** Whatever of it was listed is deleted again, in order, and nothing of it is left or missing without a word. */
    @Test
    void aNamespaceThatVanishesWhileItIsListedLeavesNothingBehind(ControlPlane plane) throws Exception {
        Kubectl kubectl = plane.kubectl();
        kubectl.output("create", "namespace", "doomed");
        kubectl.apply(String.join(
                "---\n",
                IntStream.range(0, OBJECTS)
                        .mapToObj(i -> "{apiVersion: v1, kind: ConfigMap, metadata: {name: c" + i
                                + ", namespace: doomed}, data: {x: \"" + "x".repeat(2_000) + "\"}}\n")
                        .toList()));
        MemorySink sink = new MemorySink();
        // no controller runs here: what the namespace controller does is done by hand
        CompletableFuture<Void> deletion = CompletableFuture.runAsync(() -> {
            kubectl.output("delete", "namespace", "doomed", "--wait=false");
            kubectl.output("delete", "configmaps", "--all", "-n", "doomed", "--wait=false");
            kubectl.runWithInput(
                    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"doomed\"},\"spec\":{\"finalizers\":[]}}",
                    "replace",
                    "--raw",
                    "/api/v1/namespaces/doomed/finalize",
                    "-f",
                    "-");
        });
        try (Recorder recorder = new Recorder(plane.kubeconfig(), sink)) {
            deletion.get();
            kubectl.output("create", "configmap", "witness");
            ObjectKey witness = new ObjectKey(CONFIG_MAPS, "default", "witness");
            await("what came after is recorded", () -> !sink.changes(witness).isEmpty());
            await("the namespace is gone", () -> !sink.alive().containsKey(new ObjectKey(NAMESPACES, "", "doomed")));
            assertThat(sink.alive().keySet())
                    .filteredOn(key ->
                            key.namespace().equals("doomed") && key.type().equals(CONFIG_MAPS))
                    .isEmpty();
            for (int i = 0; i < OBJECTS; i++) {
                assertOrdered(sink.changes(new ObjectKey(CONFIG_MAPS, "doomed", "c" + i)));
            }
            assertThat(sink.coverage(CONFIG_MAPS))
                    .extracting(CoverageInterval::observed)
                    .containsOnly(true);
            assertThat(sink.coverage(NAMESPACES))
                    .extracting(CoverageInterval::observed)
                    .containsOnly(true);
            assertThat(recorder.snapshotter().failure()).isEmpty();
            assertThat(sink.complaints()).isEmpty();
        }
    }

    private static void assertOrdered(List<Change> changes) {
        for (int i = 0; i < changes.size(); i++) {
            Operation operation = changes.get(i).operation();
            assertThat(operation == Operation.ADDED).as("%s", changes).isEqualTo(i == 0);
            assertThat(operation == Operation.DELETED).as("%s", changes).isEqualTo(i == changes.size() - 1);
        }
    }
}
