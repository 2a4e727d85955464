/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.Recording;
import dev.traversion.operator.settings.Settings;
import dev.traversion.operator.status.Conditions;
import dev.traversion.operator.store.StoreState;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What runs for recordings, in the cluster: applied, watched, looked at, deleted. */
final class Workloads {

    private static final List<Class<? extends HasMetadata>> NAMESPACED = List.of(
            StatefulSet.class,
            Deployment.class,
            DaemonSet.class,
            Service.class,
            ServiceAccount.class,
            ConfigMap.class,
            PodDisruptionBudget.class,
            NetworkPolicy.class,
            PersistentVolumeClaim.class);

    /** From the end of a recorder until the next one is ready. */
    private static final Duration REPLACED_WITHIN = Duration.ofMinutes(2);

    private static final int INVALID = 422;

    private final KubernetesClient client;
    private final Settings settings;

    private final AgentProblems problems;
    private final Clock clock;

    Workloads(KubernetesClient client, Settings settings, Clock clock) {
        this.client = client;
        this.settings = settings;
        this.problems = new AgentProblems(clock);
        this.clock = clock;
    }

    /** Whatever is changed or deleted by others is made anew. */
    List<EventSource<?, Recording>> eventSources(EventSourceContext<Recording> context) {
        List<EventSource<?, Recording>> sources = new ArrayList<>();
        NAMESPACED.forEach(type -> sources.add(source(type, context, true)));
        sources.add(source(ClusterRoleBinding.class, context, false));
        return sources;
    }

    private <R extends HasMetadata> InformerEventSource<R, Recording> source(
            Class<R> type, EventSourceContext<Recording> context, boolean isNamespaced) {
        InformerEventSourceConfiguration.Builder<R> configuration = InformerEventSourceConfiguration.from(
                        type, Recording.class)
                .withLabelSelector(Names.MANAGED_BY + "=" + Settings.FIELD_MANAGER)
                .withSecondaryToPrimaryMapper(object ->
                        Set.of(new ResourceID(object.getMetadata().getLabels().get(Names.INSTANCE))));
        if (isNamespaced) {
            configuration.withNamespaces(settings.namespace());
        }
        return new InformerEventSource<>(configuration.build(), context);
    }

    /**
     * Makes the objects what they are to be. Server-side apply writes nothing where nothing differs, so this is done at every look.
     *
     * @return what the API server finds invalid, a sentence each: specs hold what only it can judge, such as quantities and labels
     */
    List<String> apply(List<HasMetadata> desired) {
        List<String> refusals = new ArrayList<>();
        for (HasMetadata object : desired) {
            try {
                client.resource(object)
                        .fieldManager(Settings.FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply();
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_BAD_REQUEST && e.getCode() != INVALID) {
                    throw e;
                }
                String why =
                        e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage();
                refusals.add("The API server refuses what the spec asks for: " + why + ".");
            }
        }
        return refusals;
    }

    /** Ends what of the agents is not wanted any more. */
    void removeAgents(Names names, List<HasMetadata> desired) {
        removeUnless(
                desired,
                client.apps().daemonSets().inNamespace(settings.namespace()).withName(names.of(Names.AGENT)));
        removeUnless(
                desired,
                client.network()
                        .v1()
                        .networkPolicies()
                        .inNamespace(settings.namespace())
                        .withName(names.of(Names.AGENT)));
        removeUnless(
                desired,
                client.serviceAccounts().inNamespace(settings.namespace()).withName(names.of(Names.AGENT)));
        removeUnless(
                desired, client.configMaps().inNamespace(settings.namespace()).withName(names.logs()));
    }

    private static <T extends HasMetadata> void removeUnless(List<HasMetadata> desired, Resource<T> resource) {
        T there = resource.get();
        if (there != null
                && desired.stream()
                        .noneMatch(each -> each.getKind().equals(there.getKind())
                                && each.getMetadata()
                                        .getName()
                                        .equals(there.getMetadata().getName()))) {
            resource.delete();
        }
    }

    private Observation.Nodes agents(Names names) throws InterruptedException {
        DaemonSet agents = client.apps()
                .daemonSets()
                .inNamespace(settings.namespace())
                .withName(names.of(Names.AGENT))
                .get();
        if (agents == null) {
            return Observation.Nodes.NONE;
        }
        DaemonSetStatus status = agents.getStatus();
        List<Pod> pods = pods(names.selector(Names.AGENT));
        return new Observation.Nodes(
                new Observation.Count(
                        status == null ? 0 : number(status.getDesiredNumberScheduled()),
                        status == null ? 0 : number(status.getNumberReady())),
                pods.size(),
                PodTrouble.of(pods),
                problems.of(pods));
    }

    /**
     * Looks at what runs.
     *
     * @param refusals what could not be applied, a sentence each
     */
    Observation observe(Names names, StoreState store, List<String> refusals, List<String> conflicts, int policies)
            throws InterruptedException {
        StatefulSet recorders = client.apps()
                .statefulSets()
                .inNamespace(settings.namespace())
                .withName(names.of(Names.RECORDER))
                .get();
        Deployment rewinds = client.apps()
                .deployments()
                .inNamespace(settings.namespace())
                .withName(names.of(Names.REWIND))
                .get();
        List<Pod> recorderPods = pods(names.selector(Names.RECORDER));
        List<Pod> pods = new ArrayList<>(recorderPods);
        pods.addAll(pods(names.selector(Names.REWIND)));
        List<String> trouble = new ArrayList<>(refusals);
        trouble.addAll(PodTrouble.of(pods));
        StatefulSetStatus status = recorders == null ? null : recorders.getStatus();
        return new Observation(
                store,
                // One that could not be made is missed.
                new Observation.Count(
                        recorders == null ? 1 : recorders.getSpec().getReplicas(),
                        status == null ? 0 : number(status.getReadyReplicas())),
                isReplacing(status, recorderPods),
                new Observation.Count(
                        rewinds == null ? 1 : rewinds.getSpec().getReplicas(),
                        rewinds == null || rewinds.getStatus() == null
                                ? 0
                                : number(rewinds.getStatus().getReadyReplicas())),
                agents(names),
                trouble,
                conflicts,
                policies);
    }

    /** Whether its Pods are replaced by others of another revision, and that does not last for too long. */
    private boolean isReplacing(StatefulSetStatus status, List<Pod> pods) {
        if (status == null || Objects.equals(status.getCurrentRevision(), status.getUpdateRevision())) {
            return false;
        }
        Instant patience = clock.instant().minus(REPLACED_WITHIN);
        return pods.stream().map(Pod::getMetadata).allMatch(pod -> Instant.parse(
                        pod.getDeletionTimestamp() == null ? pod.getCreationTimestamp() : pod.getDeletionTimestamp())
                .isAfter(patience));
    }

    private static int number(Integer replicas) {
        return replicas == null ? 0 : replicas;
    }

    private List<Pod> pods(Map<String, String> selector) {
        return client.pods()
                .inNamespace(settings.namespace())
                .withLabels(selector)
                .list()
                .getItems();
    }

    /** Whether the volume of a recording is there. */
    StoreState volume(Names names) {
        PersistentVolumeClaim claim = client.persistentVolumeClaims()
                .inNamespace(settings.namespace())
                .withName(names.volume())
                .get();
        String phase = claim == null || claim.getStatus() == null
                ? "Pending"
                : claim.getStatus().getPhase();
        return "Bound".equals(phase)
                ? new StoreState(Conditions.TRUE, "Bound", "The volume is there.")
                : new StoreState(
                        Conditions.UNKNOWN,
                        "VolumePending",
                        "PersistentVolumeClaim " + names.volume() + " is " + phase
                                + ". It is bound when a recorder starts, if there is such a storage class.");
    }

    /** Ends the recorders, the servers of the past and the agents; whether none is left. */
    boolean end(Names names) {
        client.apps()
                .statefulSets()
                .inNamespace(settings.namespace())
                .withName(names.of(Names.RECORDER))
                .delete();
        client.apps()
                .deployments()
                .inNamespace(settings.namespace())
                .withName(names.of(Names.REWIND))
                .delete();
        removeAgents(names, List.of());
        return pods(names.selector(Names.RECORDER)).isEmpty()
                && pods(names.selector(Names.AGENT)).isEmpty()
                && pods(names.selector(Names.REWIND)).isEmpty();
    }

    /** Deletes what was kept: the volume, and the key of the tokens. */
    void deleteKept(Names names) {
        client.persistentVolumeClaims()
                .inNamespace(settings.namespace())
                .withName(names.volume())
                .delete();
        client.secrets()
                .inNamespace(settings.namespace())
                .withName(names.ownKey())
                .delete();
    }
}
