/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.WriterOptions;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.recording.LiveRecording;
import dev.traversion.e2e.recording.Waiting;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An informer at the end of a recording that is being made. */
@Tag("clients")
@UsesControlPlane
class LiveInformerIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void toldOfWhatHappensInTheClusterInOrder(@TempDir Path directory) throws Exception {
        try (ControlPlane plane = ControlPlane.start(new String[0]);
                LiveRecording recording = new LiveRecording(
                        plane.kubeconfig(), directory, 1, WriterOptions.of("test", directory.resolve("state")));
                KubernetesClient live = client(plane.kubeconfig());
                KubernetesClient past = client(recording.kubeconfig())) {
            List<String> told = new CopyOnWriteArrayList<>();
            try (SharedIndexInformer<ConfigMap> informer =
                    past.configMaps().inNamespace("default").inform(telling(told))) {
                Waiting.until(PATIENCE, "the informer has synced", informer::hasSynced);
                told.clear();
                write(live, "plan", "one");
                write(live, "plan", "two");
                write(live, "other", "x");
                live.configMaps().inNamespace("default").withName("plan").delete();
                Waiting.until(PATIENCE, "the informer was told of all", () -> told.size() >= 4);
                assertThat(told)
                        .containsExactly("added plan one", "updated plan two", "added other x", "deleted plan two");
                assertThat(informer.getStore().list())
                        .extracting(map -> map.getMetadata().getName())
                        .contains("other")
                        .doesNotContain("plan");
            }
        }
    }

    private static KubernetesClient client(Path kubeconfig) {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
    }

    private static void write(KubernetesClient client, String name, String step) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToData("step", step)
                .build();
        client.resource(map).serverSideApply();
    }

    private static ResourceEventHandler<ConfigMap> telling(List<String> told) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(ConfigMap added) {
                told.add("added " + text(added));
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap now) {
                told.add("updated " + text(now));
            }

            @Override
            public void onDelete(ConfigMap deleted, boolean isStateUnknown) {
                told.add("deleted " + text(deleted));
            }
        };
    }

    private static String text(ConfigMap map) {
        return map.getMetadata().getName() + " " + map.getData().get("step");
    }
}
