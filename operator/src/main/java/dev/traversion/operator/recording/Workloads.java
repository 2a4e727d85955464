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
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private final KubernetesClient client;
    private final Settings settings;

    private final AgentProblems problems;

    Workloads(KubernetesClient client, Settings settings, Clock clock) {
        this.client = client;
        this.settings = settings;
        this.problems = new AgentProblems(clock);
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

    /** Server-side apply writes nothing where nothing differs, so this is done at every look. */
    void apply(List<HasMetadata> desired) {
        for (HasMetadata object : desired) {
            client.resource(object)
                    .fieldManager(Settings.FIELD_MANAGER)
                    .forceConflicts()
                    .serverSideApply();
        }
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

    Observation observe(Names names, StoreState store, List<String> conflicts, int policies)
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
        List<Pod> pods = new ArrayList<>(pods(names.selector(Names.RECORDER)));
        pods.addAll(pods(names.selector(Names.REWIND)));
        return new Observation(
                store,
                new Observation.Count(
                        recorders.getSpec().getReplicas(),
                        recorders.getStatus() == null
                                ? 0
                                : number(recorders.getStatus().getReadyReplicas())),
                new Observation.Count(
                        rewinds.getSpec().getReplicas(),
                        rewinds.getStatus() == null
                                ? 0
                                : number(rewinds.getStatus().getReadyReplicas())),
                agents(names),
                PodTrouble.of(pods),
                conflicts,
                policies);
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
