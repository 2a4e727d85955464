/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator;

import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingPolicy;
import dev.traversion.crds.Snapshot;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What {@code helm test} asks: whether the custom resources are served, an operator leads, and every Recording is ready. */
public final class InstallationCheck {

    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(Recording.class, RecordingPolicy.class, Snapshot.class);
    private static final int NOT_FOUND = 404;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final String namespace;
    private final Clock clock;

    /**
     * Prepares it.
     *
     * @param client with the operator's rights
     * @param namespace of the operator
     */
    public InstallationCheck(KubernetesClient client, String namespace, Clock clock) {
        this.client = client;
        this.namespace = namespace;
        this.clock = clock;
    }

    /** What is not well, a sentence each, once all is well or the patience is at its end. */
    public List<String> await(Duration patience) throws InterruptedException {
        Instant end = clock.instant().plus(patience);
        List<String> problems = problems();
        while (!problems.isEmpty() && clock.instant().isBefore(end)) {
            Thread.sleep(PAUSE);
            problems = problems();
        }
        return problems;
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        try {
            for (Class<? extends HasMetadata> kind : KINDS) {
                served(kind, problems);
            }
            leads(problems);
            if (problems.isEmpty()) {
                client.resources(Recording.class).list().getItems().forEach(each -> ready(each, problems));
            }
        } catch (KubernetesClientException e) {
            problems.add("The API server does not answer as it should: " + e.getMessage());
        }
        return problems;
    }

    private void served(Class<? extends HasMetadata> kind, List<String> problems) {
        try {
            client.resources(kind).inAnyNamespace().list();
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
            problems.add("The API server does not serve " + HasMetadata.getFullResourceName(kind)
                    + ". Install the custom resource definitions (config/crd, or the chart with crds.install=true).");
        }
    }

    private void leads(List<String> problems) {
        Lease lease = client.leases()
                .inNamespace(namespace)
                .withName(TraversionOperator.LEASE)
                .get();
        LeaseSpec spec = lease == null ? null : lease.getSpec();
        if (spec == null
                || spec.getHolderIdentity() == null
                || spec.getHolderIdentity().isEmpty()
                || spec.getRenewTime()
                        .toInstant()
                        .plusSeconds(spec.getLeaseDurationSeconds())
                        .isBefore(clock.instant())) {
            problems.add(
                    "No operator leads in the namespace " + namespace + ". See why its Pods do not run: kubectl -n "
                            + namespace + " describe pods -l app.kubernetes.io/component=operator");
        }
    }

    private static void ready(Recording recording, List<String> problems) {
        String name = recording.getMetadata().getName();
        List<Condition> conditions = recording.getStatus() == null
                ? List.of()
                : recording.getStatus().conditions();
        conditions.stream()
                .filter(each -> each.getType().equals("Ready"))
                .findFirst()
                .ifPresentOrElse(
                        ready -> {
                            // One that is paused is as somebody wants it.
                            if (!ready.getStatus().equals("True")
                                    && !ready.getReason().equals("Paused")) {
                                problems.add("Recording " + name + " is not ready: " + ready.getMessage());
                            }
                        },
                        () -> problems.add("Recording " + name + " has not been looked at by the operator yet."));
    }
}
