/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.status;

import dev.traversion.archive.ResourceVersions;
import dev.traversion.operator.settings.Settings;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The only way a status is written. What did not change is not written; a condition that did is told as an Event. Safe for concurrent use.
 */
public final class StatusRecorder {

    private final KubernetesClient client;
    private final EventRecorder events;
    private final OperatorMetrics metrics;

    /** By uid. */
    private final Map<String, CustomResource<?, ?>> newest = new ConcurrentHashMap<>();

    public StatusRecorder(KubernetesClient client, EventRecorder events, OperatorMetrics metrics) {
        this.client = client;
        this.events = events;
        this.metrics = metrics;
    }

    /** Gives an object the status that was written last, if what was read of it is older than that. */
    @SuppressWarnings("unchecked") // Objects of one uid are of one type.
    public <S> void refresh(CustomResource<?, S> resource) {
        CustomResource<?, S> last =
                (CustomResource<?, S>) newest.get(resource.getMetadata().getUid());
        if (last != null
                && ResourceVersions.compare(
                                resource.getMetadata().getResourceVersion(),
                                last.getMetadata().getResourceVersion())
                        < 0) {
            resource.setStatus(last.getStatus());
        }
    }

    /**
     * Makes a status that of an object.
     *
     * @param resource with the status that it has
     * @param empty a new object of the same kind
     * @param good conditions which are well if they are true; all others are if they are not
     */
    public <S, R extends CustomResource<?, S>> void record(
            R resource, R empty, S status, Function<S, List<Condition>> conditions, List<String> good) {
        List<Condition> before = resource.getStatus() == null ? null : conditions.apply(resource.getStatus());
        List<Condition> now = conditions.apply(status);
        now.forEach(condition -> metrics.condition(resource, condition));
        if (status.equals(resource.getStatus())) {
            return;
        }
        empty.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .build());
        empty.setStatus(status);
        R written = client.resource(empty)
                .subresource("status")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager(Settings.FIELD_MANAGER)
                                .withForce(true)
                                .build(),
                        empty);
        newest.put(resource.getMetadata().getUid(), written);
        // Several conditions often have one cause: it is told once.
        Set<String> told = new HashSet<>();
        for (Condition condition : now) {
            Optional<Condition> earlier = Conditions.find(before, condition.getType());
            boolean isNew = earlier.isEmpty()
                    || !earlier.get().getStatus().equals(condition.getStatus())
                    || !earlier.get().getReason().equals(condition.getReason());
            if (isNew && told.add(condition.getReason())) {
                tell(resource, condition, good.contains(condition.getType()), earlier.isPresent());
            }
        }
    }

    /** An object is gone: nothing is told of it any more. */
    public void forget(CustomResource<?, ?> resource, List<Condition> conditions) {
        newest.remove(resource.getMetadata().getUid());
        if (conditions != null) {
            conditions.forEach(condition -> metrics.forget(resource, condition));
        }
    }

    private void tell(CustomResource<?, ?> resource, Condition condition, boolean shouldBeTrue, boolean isKnown) {
        boolean isWell = condition.getStatus().equals(shouldBeTrue ? Conditions.TRUE : Conditions.FALSE);
        if (!isWell) {
            events.warning(resource, condition.getReason(), condition.getMessage());
        } else if (shouldBeTrue || isKnown) {
            events.normal(resource, condition.getReason(), condition.getMessage());
        }
    }
}
