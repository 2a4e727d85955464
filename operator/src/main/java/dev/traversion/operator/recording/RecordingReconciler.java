/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.NodesSpec;
import dev.traversion.crds.NodesStatus;
import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingPolicy;
import dev.traversion.crds.RecordingStatus;
import dev.traversion.crds.S3Spec;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.operator.policy.EffectiveRules;
import dev.traversion.operator.policy.LoggedNamespaces;
import dev.traversion.operator.policy.MaskingChoice;
import dev.traversion.operator.settings.Settings;
import dev.traversion.operator.status.Conditions;
import dev.traversion.operator.status.EventRecorder;
import dev.traversion.operator.status.StatusRecorder;
import dev.traversion.operator.store.StoreAccess;
import dev.traversion.operator.store.StoreCheck;
import dev.traversion.operator.store.StoreState;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes what a Recording asks for, keeps it so, and tells how it is. */
public final class RecordingReconciler implements Reconciler<Recording>, Cleaner<Recording> {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN_SOON = Duration.ofSeconds(6);

    private final KubernetesClient client;
    private final Settings settings;
    private final StoreAccess access;
    private final StoreCheck stores;
    private final StatusRecorder statuses;
    private final Clock clock;
    private final MaskingKeys keys;
    private final Workloads workloads;
    private final Deletion deletion;
    private InformerEventSource<RecordingPolicy, Recording> policies;

    public RecordingReconciler(
            KubernetesClient client,
            Settings settings,
            StoreAccess access,
            StoreCheck stores,
            StatusRecorder statuses,
            EventRecorder events,
            Clock clock) {
        this.client = client;
        this.settings = settings;
        this.access = access;
        this.stores = stores;
        this.statuses = statuses;
        this.clock = clock;
        this.keys = new MaskingKeys(client, settings, events, clock);
        this.workloads = new Workloads(client, settings, clock);
        this.deletion = new Deletion(client, settings, access, workloads, events);
    }

    @Override
    public List<EventSource<?, Recording>> prepareEventSources(EventSourceContext<Recording> context) {
        List<EventSource<?, Recording>> sources = new ArrayList<>(workloads.eventSources(context));
        policies = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(RecordingPolicy.class, Recording.class)
                        .withSecondaryToPrimaryMapper(policy -> context.getPrimaryCache()
                                .list()
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .build(),
                context);
        sources.add(policies);
        sources.add(new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Secret.class, Recording.class)
                        .withName("credentials")
                        .withNamespaces(settings.namespace())
                        .withSecondaryToPrimaryMapper(secret -> context.getPrimaryCache()
                                .list(recording -> names(recording, secret))
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .build(),
                context));
        return sources;
    }

    /** Whether a recording needs a Secret. */
    private boolean names(Recording recording, Secret secret) {
        return secrets(recording).contains(secret.getMetadata().getName());
    }

    /** The Secrets that its Pods read: those its bucket is reached with, and the keys of its tokens, to which a new one may be added. */
    private List<String> secrets(Recording recording) {
        S3Spec s3 = recording.getSpec().store().s3();
        String key = new Names(recording, settings).key();
        NodesSpec nodes = recording.getSpec().nodes();
        return (s3 == null
                        ? Stream.of(key)
                        : Stream.of(
                                s3.credentialsSecret(),
                                s3.caSecret(),
                                key,
                                nodes == null ? null : nodes.credentialsSecret()))
                .filter(Objects::nonNull)
                .toList();
    }

    @Override
    public UpdateControl<Recording> reconcile(Recording recording, Context<Recording> context)
            throws InterruptedException {
        statuses.refresh(recording);
        Names names = new Names(recording, settings);
        keys.ensure(recording, names);
        String credentials = credentialsVersion(recording);
        List<RecordingPolicy> all = policies.list().toList();
        RecordingRules rules = EffectiveRules.of(recording, all);
        Inputs inputs = new Inputs(rules.toJson(), LoggedNamespaces.toJson(recording, all, rules), credentials);
        List<HasMetadata> desired = desired(recording, names, inputs);
        List<String> refusals = workloads.apply(desired);
        workloads.removeAgents(names, desired);

        StoreState store =
                recording.getSpec().store().s3() == null ? workloads.volume(names) : stores.of(recording, credentials);
        List<String> faults =
                new ArrayList<>(MaskingChoice.faults(recording.getSpec().masking()));
        faults.addAll(MaskingKeys.faults(recording));
        Observation seen = workloads.observe(names, store, refusals, faults, (int) all.stream()
                .filter(policy ->
                        EffectiveRules.isInForce(policy, recording.getMetadata().getName()))
                .count());
        statuses.record(
                recording,
                new Recording(),
                new RecordingStatus(
                        recording.getMetadata().getGeneration(),
                        access.clusterId(),
                        StoreAccess.location(recording.getSpec().store()),
                        seen.policies(),
                        recording.getSpec().nodes() == null
                                ? null
                                : new NodesStatus(
                                        seen.nodes().agents().wanted(),
                                        seen.nodes().agents().ready()),
                        RecordingConditions.of(recording, seen, clock)),
                RecordingStatus::conditions,
                RecordingConditions.GOOD);
        return UpdateControl.<Recording>noUpdate()
                .rescheduleAfter(Conditions.FALSE.equals(store.status()) ? LOOK_AGAIN_SOON : LOOK_AGAIN);
    }

    private List<HasMetadata> desired(Recording recording, Names names, Inputs inputs) {
        List<HasMetadata> all = new ArrayList<>(new AccessObjects(names, settings.namespace()).all());
        all.addAll(new RecorderObjects(recording, names, settings, inputs).all());
        all.addAll(new RewindObjects(recording, names, settings, inputs).all());
        all.addAll(new AgentObjects(recording, names, settings, inputs, access.clusterId()).all());
        return all;
    }

    /** Of all Secrets that its Pods read, as far as they are there. */
    private String credentialsVersion(Recording recording) {
        return secrets(recording).stream()
                .map(name -> client.secrets()
                        .inNamespace(settings.namespace())
                        .withName(name)
                        .get())
                .filter(Objects::nonNull)
                .map(secret -> secret.getMetadata().getUid() + "/"
                        + secret.getMetadata().getResourceVersion())
                .collect(Collectors.joining(" "));
    }

    @Override
    public DeleteControl cleanup(Recording recording, Context<Recording> context) {
        if (!deletion.isDone(recording, access.clusterId())) {
            return DeleteControl.noFinalizerRemoval().rescheduleAfter(Deletion.AGAIN.toMillis());
        }
        stores.forget(recording);
        statuses.forget(
                recording,
                recording.getStatus() == null ? null : recording.getStatus().conditions());
        return DeleteControl.defaultDelete();
    }
}
