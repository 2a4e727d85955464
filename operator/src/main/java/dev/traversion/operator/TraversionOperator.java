/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator;

import dev.traversion.operator.policy.PolicyReconciler;
import dev.traversion.operator.recording.RecordingReconciler;
import dev.traversion.operator.settings.Settings;
import dev.traversion.operator.snapshot.SnapshotReconciler;
import dev.traversion.operator.status.EventRecorder;
import dev.traversion.operator.status.OperatorMetrics;
import dev.traversion.operator.status.StatusRecorder;
import dev.traversion.operator.store.StoreAccess;
import dev.traversion.operator.store.StoreCheck;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.time.Duration;

/** The operator: it reconciles as soon as it leads, until it is closed. */
public final class TraversionOperator implements AutoCloseable {

    /** Which the operator that leads holds. */
    static final String LEASE = "traversion-operator";

    /** Who loses its lease ends, so a slow API server is borne with for a while; nothing is urgent for a successor. */
    private static final Duration LEASE_DURATION = Duration.ofSeconds(45);

    private static final Duration RENEW_DEADLINE = Duration.ofSeconds(30);
    private static final Duration RETRY_PERIOD = Duration.ofSeconds(5);
    private static final Duration MOST_ENDING = Duration.ofSeconds(10);

    private final Operator operator;
    private final StoreCheck stores;

    /**
     * Prepares it.
     *
     * @param client with the operator's own rights; closed with it
     */
    public TraversionOperator(KubernetesClient client, Settings settings, Clock clock, PrometheusRegistry registry) {
        OperatorMetrics metrics = new OperatorMetrics(registry);
        EventRecorder events = new EventRecorder(client, clock);
        StatusRecorder statuses = new StatusRecorder(client, events, metrics);
        StoreAccess access = new StoreAccess(client, settings);
        this.stores = new StoreCheck(access, clock);
        this.operator = new Operator(configuration -> configuration
                .withKubernetesClient(client)
                .withMetrics(metrics)
                .withReconciliationTerminationTimeout(MOST_ENDING)
                .withLeaderElectionConfiguration(LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                        .withLeaseNamespace(settings.namespace())
                        .withLeaseDuration(LEASE_DURATION)
                        .withRenewDeadline(RENEW_DEADLINE)
                        .withRetryPeriod(RETRY_PERIOD)
                        .build()));
        operator.register(new RecordingReconciler(client, settings, access, stores, statuses, events, clock));
        operator.register(new PolicyReconciler(statuses, clock));
        operator.register(new SnapshotReconciler(client, settings, access, statuses, events, clock));
    }

    /** Starts. It reconciles as soon as it leads; a process that leads no more ends. */
    public void start() {
        operator.start();
    }

    @Override
    public void close() {
        operator.stop();
        stores.close();
    }
}
