/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;

/** Claims that go with the pods of a StatefulSet, since it was told so. */
final class ClaimRetention {

    private static final String POLICY = "spec.persistentVolumeClaimRetentionPolicy";

    private ClaimRetention() {}

    /** The change since which a claim is deleted with its pod; empty if it was so all the time. */
    static Optional<Behind> behind(World world, Change change) {
        if (!change.key().type().equals(Types.CLAIMS)) {
            return Optional.empty();
        }
        for (JsonNode reference : change.after().get("metadata", "ownerReferences")) {
            ObjectKey pod = new ObjectKey(
                    Types.PODS, change.key().namespace(), reference.path("name").asText());
            List<Version> versions = world.versions(pod).stream()
                    .filter(version ->
                            version.uid().equals(reference.path("uid").asText()))
                    .toList();
            if (reference.path("kind").asText().equals("Pod") && !versions.isEmpty()) {
                return world.controller(versions.getFirst())
                        .filter(set -> set.key().type().equals(Types.STATEFUL_SETS))
                        .flatMap(set -> told(world, set.key(), change.at()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Behind> told(World world, ObjectKey set, long until) {
        Change told = null;
        Change scaled = null;
        for (Change change : world.changes(set)) {
            boolean isBefore = change.at() <= until && change.operation() == Change.Operation.CHANGED;
            if (isBefore && change.path().startsWith(POLICY)) {
                told = !isDeleting(change.before()) && isDeleting(change.after()) ? change : null;
            }
            boolean isLess = change.path().equals("spec.replicas")
                    && change.now() != null
                    && change.now().asInt()
                            < (change.old() == null ? 1 : change.old().asInt());
            scaled = isBefore && isLess ? change : scaled;
        }
        return told == null || scaled == null || scaled.at() < told.at()
                ? Optional.empty()
                : Optional.of(new Behind(
                        "claim-retention",
                        Tier.A,
                        told,
                        "claims are deleted with the pods that are scaled away since",
                        List.of(scaled)));
    }

    private static boolean isDeleting(Version set) {
        return set.get("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled")
                .asText()
                .equals("Delete");
    }
}
