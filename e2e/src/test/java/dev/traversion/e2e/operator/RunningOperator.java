/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.operator.InstallationCheck;
import dev.traversion.operator.TraversionOperator;
import dev.traversion.operator.settings.Settings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The operator in this process, with the rights of its ServiceAccount and no others. */
final class RunningOperator implements AutoCloseable {

    static final String NAMESPACE = "traversion-system";
    static final String IMAGE = "registry.example.com/traversion:test";

    private static final String AGENT_IMAGE = "registry.example.com/traversion-agent:test";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final TraversionOperator operator;

    RunningOperator(ControlPlane plane, Path state) {
        operator = new TraversionOperator(
                client(plane), new Settings(NAMESPACE, IMAGE, AGENT_IMAGE, state), Clock.systemUTC(), registry);
        operator.start();
    }

    /** What "helm test" runs, with the same rights: sentences that say what is not well. */
    static List<String> check(ControlPlane plane, Duration patience) throws InterruptedException {
        try (KubernetesClient client = client(plane)) {
            return new InstallationCheck(client, NAMESPACE, Clock.systemUTC()).await(patience);
        }
    }

    private static KubernetesClient client(ControlPlane plane) {
        Config config = Config.fromKubeconfig(plane.kubeconfig().toFile());
        config.setImpersonateUsername("system:serviceaccount:" + NAMESPACE + ":traversion-operator");
        config.setImpersonateGroups(
                "system:serviceaccounts", "system:serviceaccounts:" + NAMESPACE, "system:authenticated");
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    PrometheusRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        operator.close();
    }
}
