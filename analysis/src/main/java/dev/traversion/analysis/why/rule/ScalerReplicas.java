/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Notice;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;

/** Replicas that an autoscaler set, since it was made, or its bounds were moved, beyond them. */
final class ScalerReplicas {

    /** So long an autoscaler may take to look again, ns. */
    private static final long PATIENCE = 90_000_000_000L;

    private ScalerReplicas() {}

    /** The change of an autoscaler's minimum or maximum by which replicas are what they are, or its creation; empty if nothing says so. */
    static Optional<Behind> behind(World world, Change change) {
        boolean isScale = change.path().equals("spec.replicas") && change.old() != null && change.now() != null;
        if (!isScale) {
            return Optional.empty();
        }
        for (ObjectKey key : world.keys(Types.SCALERS, change.key().namespace())) {
            Version scaler = world.at(key, change.at()).orElse(null);
            if (scaler == null || !isOf(scaler, change)) {
                continue;
            }
            for (Change bound : world.changes(key).reversed()) {
                if (isBound(bound, change) && isScaledBy(world, scaler, change)) {
                    return Optional.of(new Behind(
                            "autoscaled", Tier.A, bound, "the autoscaler set the replicas to it", List.of()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(Version scaler, Change change) {
        JsonNode target = scaler.get("spec", "scaleTargetRef");
        return target.path("kind").asText().equals(change.after().kind())
                && target.path("name").asText().equals(change.key().name());
    }

    /** Whether the replicas were within a bound before it was moved, are beyond it since, and were set to it. */
    private static boolean isBound(Change bound, Change scale) {
        boolean isSoon = bound.at() <= scale.at() + Rule.SLACK && scale.at() - bound.at() < PATIENCE;
        if (isSoon && bound.operation() == Change.Operation.CREATED) {
            return isMadeBeyond(bound.after(), scale);
        }
        if (!isSoon || bound.now() == null || bound.now().asInt() != scale.now().asInt()) {
            return false;
        }
        int was = scale.old().asInt();
        int now = scale.now().asInt();
        int old = bound.old() == null ? 1 : bound.old().asInt();
        return bound.path().equals("spec.minReplicas")
                ? old <= was && was < now
                : bound.path().equals("spec.maxReplicas") && now < was && was <= old;
    }

    /** Whether replicas were beyond what an autoscaler allows when it was made, and were set to its bound. */
    private static boolean isMadeBeyond(Version scaler, Change scale) {
        int was = scale.old().asInt();
        int now = scale.now().asInt();
        int least = scaler.get("spec", "minReplicas").asInt(1);
        int most = scaler.get("spec", "maxReplicas").asInt();
        return (now == most && most < was) || (now == least && was < least);
    }

    /** Whether the autoscaler says that it did it, or at least a controller did. */
    private static boolean isScaledBy(World world, Version scaler, Change scale) {
        boolean isInside = scale.actor() != null && !scale.actor().isOutside();
        for (Notice notice : world.notices(scaler.key(), scaler.kind())) {
            isInside |= notice.reason().equals("SuccessfulRescale")
                    && notice.message().startsWith("New size: " + scale.now().asInt() + ";");
        }
        return isInside;
    }
}
