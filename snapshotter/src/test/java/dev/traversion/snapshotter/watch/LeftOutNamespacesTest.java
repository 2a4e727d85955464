/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.MaskingRules;
import dev.traversion.snapshotter.RecordingClock;
import dev.traversion.snapshotter.SnapshotterMetrics;
import dev.traversion.snapshotter.discovery.ServedResource;
import dev.traversion.snapshotter.testing.Written;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of namespaces that are left out nothing is recorded, nothing counts as deleted, and the coverage says so. */
class LeftOutNamespacesTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final NamespaceSelection NAMESPACES = new NamespaceSelection(List.of(), List.of("kube-*"));

    private final Written sink = new Written();

    @Test
    void listsAndWatchesAreRecordedWithoutThem() throws Exception {
        ResourceRecorder recorder = recorder(true);
        recorder.beginList();
        listed(recorder, "shop", "a", 5);
        listed(recorder, "kube-system", "b", 6);
        recorder.listComplete("10");
        changed(recorder, Operation.MODIFIED, "kube-system", "b", 11);
        changed(recorder, Operation.MODIFIED, "shop", "a", 12);
        changed(recorder, Operation.DELETED, "kube-system", "b", 13);

        assertThat(sink.changes())
                .extracting(change -> change.key().namespace() + " " + change.resourceVersion())
                .containsExactly("shop 5", "shop 12");
        assertThat(recorder.coverage().resourceVersion()).isEqualTo("13");
        assertThat(sink.marks()).singleElement().satisfies(mark -> {
            assertThat(mark.kind()).isEqualTo(CoverageMark.Kind.OPENED);
            assertThat(mark.reason()).isEqualTo("namespaces recorded: *; left out: kube-*");
        });
    }

    @Test
    void whatIsInNoNamespaceIsRecordedAsEver() throws Exception {
        ResourceRecorder recorder = recorder(false);
        recorder.beginList();
        listed(recorder, "", "a", 5);
        recorder.listComplete("10");

        assertThat(sink.changes()).hasSize(1);
        assertThat(sink.marks()).singleElement().satisfies(mark -> assertThat(mark.reason())
                .isEmpty());
    }

    private ResourceRecorder recorder(boolean namespaced) {
        return new ResourceRecorder(
                new ServedResource(PODS, "v1", "Pod", namespaced, ""),
                sink,
                new Masking(MaskingRules.base(), new MaskingKey(new byte[32])),
                NAMESPACES,
                new RecordingClock(Clock.systemUTC(), System::nanoTime, 0),
                new StreamStatus(PODS, new SnapshotterMetrics(new PrometheusRegistry(), sink)),
                0);
    }

    private static void listed(ResourceRecorder recorder, String namespace, String name, int version)
            throws InterruptedException {
        byte[] object = object(namespace, name, version);
        recorder.listed(object, 0, object.length);
    }

    private static void changed(
            ResourceRecorder recorder, Operation operation, String namespace, String name, int version)
            throws InterruptedException {
        byte[] object = object(namespace, name, version);
        recorder.changed(operation, object, 0, object.length);
    }

    private static byte[] object(String namespace, String name, int version) {
        String place = namespace.isEmpty() ? "" : "\"namespace\":\"" + namespace + "\",";
        return ("{\"metadata\":{\"name\":\"" + name + "\"," + place + "\"uid\":\"u\",\"resourceVersion\":\"" + version
                        + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
