/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A workload that was told to have no pods, when nothing needs them: workers are sent to sleep like this. */
public final class AtRest {

    private AtRest() {}

    /** The change since which a workload is at rest; empty if it is not, or if that was before the window. */
    public static Optional<Change> since(World world, Version maker) {
        List<Trouble> found = new ArrayList<>();
        if (!maker.deleted() && WorkloadTroubles.isMaker(maker)) {
            WorkloadTroubles.toZero(world, maker, found);
        }
        return found.stream()
                .filter(trouble -> isRest(world, trouble))
                .flatMap(trouble -> world.changes(maker.key()).stream()
                        .filter(change -> change.path().equals("spec.replicas") && change.at() == trouble.from()))
                .reduce((_, last) -> last);
    }

    /** Whether a trouble is that there are to be no pods, and nothing needs any. */
    static boolean isRest(World world, Trouble trouble) {
        return trouble.what() == What.SCALED_TO_ZERO && trouble.lasts() && !isNeeded(world, trouble);
    }

    /** Whether a Service, an autoscaler or another pod's affinity means the pods of a workload, or nobody knows. */
    private static boolean isNeeded(World world, Trouble zero) {
        Version maker = zero.about();
        String namespace = maker.key().namespace();
        JsonNode labels = Pods.template(maker.body()).path("metadata").path("labels");
        return !world.knows(Types.SERVICES, namespace)
                || isServed(world, namespace, labels, zero.from())
                || isServed(world, namespace, labels, world.to())
                || world.list(Types.SCALERS, namespace, world.to()).stream().anyMatch(each -> scales(each, maker))
                || isCompanion(world, maker, labels);
    }

    private static boolean isServed(World world, String namespace, JsonNode labels, long time) {
        return world.list(Types.SERVICES, namespace, time).stream()
                .anyMatch(service -> Selectors.pairs(service.get("spec", "selector"), labels));
    }

    /** Whether an autoscaler is to scale a workload. */
    static boolean scales(Version scaler, Version maker) {
        JsonNode target = scaler.get("spec", "scaleTargetRef");
        return target.path("kind").asText().equals(maker.kind())
                && target.path("name").asText().equals(maker.key().name());
    }

    /** Whether pods of others have to be beside those of a workload. */
    private static boolean isCompanion(World world, Version maker, JsonNode labels) {
        String namespace = maker.key().namespace();
        Set<ObjectKey> own = WorkloadTroubles.family(world, maker);
        for (List<ObjectKey> pods : world.alike(Types.PODS, namespace)) {
            Optional<Version> pod = pods.stream()
                    .filter(key -> !own.contains(key))
                    .flatMap(key -> world.at(key, world.to()).stream())
                    .findFirst();
            if (pod.filter(each -> Fit.isBeside(world, each.get("spec"), namespace, namespace, labels))
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }
}
