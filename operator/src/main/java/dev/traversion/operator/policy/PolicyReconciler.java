/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.policy;

import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingPolicy;
import dev.traversion.crds.RecordingPolicyStatus;
import dev.traversion.operator.status.Conditions;
import dev.traversion.operator.status.StatusRecorder;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells teams whether their policies are in force. The Recordings themselves take them up. */
public final class PolicyReconciler implements Reconciler<RecordingPolicy> {

    private static final String ACCEPTED = "Accepted";

    private final StatusRecorder statuses;
    private final Clock clock;
    private InformerEventSource<Recording, RecordingPolicy> recordings;

    public PolicyReconciler(StatusRecorder statuses, Clock clock) {
        this.statuses = statuses;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, RecordingPolicy>> prepareEventSources(EventSourceContext<RecordingPolicy> context) {
        recordings = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(Recording.class, RecordingPolicy.class)
                        .withSecondaryToPrimaryMapper(recording -> context.getPrimaryCache()
                                .list()
                                .map(ResourceID::fromResource)
                                .collect(Collectors.toSet()))
                        .build(),
                context);
        return List.of(recordings);
    }

    @Override
    public UpdateControl<RecordingPolicy> reconcile(RecordingPolicy policy, Context<RecordingPolicy> context) {
        statuses.refresh(policy);
        Set<String> existing = recordings
                .list()
                .filter(each -> each.getMetadata().getDeletionTimestamp() == null)
                .map(each -> each.getMetadata().getName())
                .collect(Collectors.toSet());
        PolicyVerdict verdict = PolicyVerdict.of(policy, existing);
        RecordingPolicyStatus before = policy.getStatus();
        Long generation = policy.getMetadata().getGeneration();
        Conditions conditions = new Conditions(before == null ? null : before.conditions(), generation, clock)
                .add(
                        ACCEPTED,
                        verdict.accepted() ? Conditions.TRUE : Conditions.FALSE,
                        verdict.reason(),
                        verdict.message());
        statuses.record(
                policy,
                new RecordingPolicy(),
                new RecordingPolicyStatus(generation, verdict.recordings(), conditions.list()),
                RecordingPolicyStatus::conditions,
                List.of(ACCEPTED));
        return UpdateControl.noUpdate();
    }
}
