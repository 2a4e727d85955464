/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.operator.TraversionOperator;
import dev.traversion.operator.settings.Settings;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Clock;

/** The operator in this process, with the rights of its ServiceAccount and no others. */
final class RunningOperator implements AutoCloseable {

    static final String NAMESPACE = "traversion-system";
    static final String IMAGE = "registry.example.com/traversion:test";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final TraversionOperator operator;

    RunningOperator(ControlPlane plane, Path state) {
        Config config = Config.fromKubeconfig(plane.kubeconfig().toFile());
        config.setImpersonateUsername("system:serviceaccount:" + NAMESPACE + ":traversion-operator");
        config.setImpersonateGroups(
                "system:serviceaccounts", "system:serviceaccounts:" + NAMESPACE, "system:authenticated");
        operator = new TraversionOperator(
                new KubernetesClientBuilder().withConfig(config).build(),
                new Settings(NAMESPACE, IMAGE, state),
                Clock.systemUTC(),
                registry);
        operator.start();
    }

    PrometheusRegistry registry() {
        return registry;
    }

    @Override
    public void close() {
        operator.close();
    }
}
