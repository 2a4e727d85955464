/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.PodTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a pod may use since a LimitRange says so, where its template says nothing. */
final class DefaultLimit extends PlainRule {

    DefaultLimit() {
        super(
                "default-limit",
                "A pod was evicted for more than it may write, or killed for its memory, and admission gave it the default limit of a"
                        + " LimitRange, which was lowered, or set, before; the pod's annotation says so. Proved if the eviction names just"
                        + " the limit that the pod has of the only LimitRange,"
                        + " and no pod of another spec got by with it.",
                Set.of(What.EVICTED, What.OUT_OF_MEMORY));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        List<DefaultRequest.Amount> given = DefaultRequest.given(pod).stream()
                .filter(each -> each.list().equals("limits"))
                .toList();
        Optional<StorageLimit.Exceeded> told = StorageLimit.exceeded(trouble);
        if (given.isEmpty() || (trouble.what() == What.EVICTED && told.isEmpty())) {
            return links;
        }
        String resource = told.isEmpty() ? "memory" : StorageLimit.RESOURCE;
        String namespace = pod.key().namespace();
        boolean isOnly =
                world.list(Types.LIMIT_RANGES, namespace, pod.created() + SLACK).size() == 1;
        for (Change change : world.changes(Types.LIMIT_RANGES, namespace)) {
            boolean isBefore = change.operation() != Change.Operation.DELETED
                    && DefaultRequest.isOf(change.path(), "default." + resource)
                    && change.at() <= pod.created() + SLACK
                    && isStill(world, pod, given, change);
            if (!isBefore) {
                continue;
            }
            double limit = limit(trouble, told, pod.get("spec"));
            boolean isLess = limit < limit(trouble, told, DefaultRequest.earlier(pod, given, change));
            boolean isTold = told.isPresent() && Math.abs(limit - told.get().limit()) <= limit * 0.000001;
            if (isLess) {
                boolean isNew = change.operation() == Change.Operation.CREATED;
                boolean wasEnough = wasEnough(world, trouble, change);
                boolean isProved = isTold && isOnly && !wasEnough;
                links.add(Link.to(
                        isNew ? change.at("spec.limits", change.after().get("spec", "limits")) : change,
                        isProved ? Tier.A : Tier.B,
                        isProved ? 1 : wasEnough ? 0.5 : told.isEmpty() ? 0.97 : 0.7,
                        "the pod may use no more by default"));
            }
        }
        return links;
    }

    /** Whether a pod of another spec of the workload was made since a change, before this one, and got by with it. */
    private static boolean wasEnough(World world, Trouble trouble, Change change) {
        Version pod = trouble.about();
        return WorkloadTroubles.family(world, Templates.maker(world, pod)).stream()
                .filter(key -> key.type().equals(Types.PODS) && !key.equals(pod.key()))
                .map(key -> world.versions(key).getFirst())
                .filter(other -> other.created() > change.at() && other.created() < pod.created() - SLACK)
                .filter(other -> !Templates.areAlike(world, pod, other))
                .anyMatch(other ->
                        PodTroubles.of(world, other.key()).stream().noneMatch(each -> each.what() == trouble.what()));
    }

    /** Whether the defaults that a pod was given were those of a change until it was made. */
    private static boolean isStill(World world, Version pod, List<DefaultRequest.Amount> given, Change change) {
        return Fields.stands(world, change, pod.created(), range -> given.stream()
                .allMatch(each ->
                        Quantities.of(value(range, each), -1) == Quantities.of(value(change.after(), each), -1)));
    }

    private static JsonNode value(Version range, DefaultRequest.Amount amount) {
        return DefaultRequest.value(range, amount.list(), amount.resource());
    }

    /** What a pod may write, or its container that was killed use, by a spec. */
    private static double limit(Trouble trouble, Optional<StorageLimit.Exceeded> told, JsonNode spec) {
        return told.map(each -> StorageLimit.limit(spec, each.of(), each.name()))
                .orElseGet(() -> Quantities.of(
                        Pods.container(spec, trouble.container())
                                .path("resources")
                                .path("limits")
                                .path("memory"),
                        Double.POSITIVE_INFINITY));
    }
}
