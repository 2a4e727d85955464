/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;

/** What Prometheus is told: reconciliations, and the conditions of every object. */
public final class OperatorMetrics implements Metrics {

    private final Counter reconciliations;
    private final Gauge conditions;
    private final Gauge paused;

    public OperatorMetrics(PrometheusRegistry registry) {
        this.reconciliations = Counter.builder()
                .name("traversion_operator_reconciliations_total")
                .help("Reconciliations, by kind and result")
                .labelNames("kind", "result")
                .register(registry);
        this.conditions = Gauge.builder()
                .name("traversion_condition")
                .help("1 if the condition of the object is true, 0 if it is not, -1 if that is not known")
                .labelNames("kind", "namespace", "name", "type")
                .register(registry);
        this.paused = Gauge.builder()
                .name("traversion_paused")
                .help("1 if the recording is paused because its spec says so, 0 if it is not")
                .labelNames("name")
                .register(registry);
    }

    @Override
    public void reconciliationFailed(
            HasMetadata resource, RetryInfo retry, Exception exception, Map<String, Object> metadata) {
        reconciliations.labelValues(resource.getKind(), "failed").inc();
    }

    @Override
    public void reconciliationSucceeded(HasMetadata resource, Map<String, Object> metadata) {
        reconciliations.labelValues(resource.getKind(), "succeeded").inc();
    }

    void condition(HasMetadata resource, Condition condition) {
        double value =
                switch (condition.getStatus()) {
                    case Conditions.TRUE -> 1;
                    case Conditions.FALSE -> 0;
                    default -> -1;
                };
        conditions.labelValues(labels(resource, condition.getType())).set(value);
        if (isOfRecording(resource, condition)) {
            paused.labelValues(resource.getMetadata().getName())
                    .set(condition.getReason().equals(Conditions.PAUSED) ? 1 : 0);
        }
    }

    void forget(HasMetadata resource, Condition condition) {
        conditions.remove(labels(resource, condition.getType()));
        if (isOfRecording(resource, condition)) {
            paused.remove(resource.getMetadata().getName());
        }
    }

    private static boolean isOfRecording(HasMetadata resource, Condition condition) {
        return resource.getKind().equals("Recording") && condition.getType().equals("Recording");
    }

    private static String[] labels(HasMetadata resource, String type) {
        String namespace = resource.getMetadata().getNamespace();
        return new String[] {
            resource.getKind(),
            namespace == null ? "" : namespace,
            resource.getMetadata().getName(),
            type
        };
    }
}
