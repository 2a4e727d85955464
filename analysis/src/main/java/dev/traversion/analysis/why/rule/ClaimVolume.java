/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A claim whose volume is gone, or still belongs to one that was there before it. */
final class ClaimVolume extends PlainRule {

    private static final Set<String> NAMES = Set.of("spec.claimRef", "spec.claimRef.name", "spec.claimRef.namespace");

    ClaimVolume() {
        super(
                "claim-volume",
                "A claim waits, since its volume still belongs to an earlier claim of its name, which was deleted, or was deleted itself,"
                        + " or is lost, since its volume names another claim. Proved by the volume.",
                Set.of(What.CLAIM_PENDING));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version claim = trouble.about();
        for (Version volume : world.list(Types.VOLUMES, "", trouble.from() + SLACK)) {
            if (isHeldForEarlier(volume, claim)) {
                for (Change change : world.changes(claim.key())) {
                    boolean isEarlier = change.operation() == Change.Operation.DELETED
                            && change.after()
                                    .uid()
                                    .equals(volume.get("spec", "claimRef", "uid")
                                            .asText());
                    if (isEarlier && Rule.precedes(change.at(), trouble)) {
                        links.add(Link.to(
                                change,
                                Tier.A,
                                1,
                                "the volume " + volume.key().name() + " still belongs to the claim that was deleted"));
                    }
                }
            }
        }
        String name = claim.get("spec", "volumeName").asText("");
        for (Change change : world.changes(Types.VOLUMES, "")) {
            boolean isIts = name.isEmpty()
                    ? isOf(change.after(), claim) && !isHeldForEarlier(change.after(), claim)
                    : change.key().equals(new ObjectKey(Types.VOLUMES, "", name));
            if (isIts && change.operation() == Change.Operation.DELETED && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.A, 0.96, "the claim's volume was deleted"));
            } else if (isIts && isTakenAway(world, change, claim, trouble)) {
                links.add(Link.to(change, Tier.A, 1, "the claim's volume is not meant for it any more"));
            }
        }
        return links;
    }

    /** Whether a volume names another claim since, or none, instead of the one that it was bound to. */
    private static boolean isTakenAway(World world, Change change, Version claim, Trouble trouble) {
        return change.operation() == Change.Operation.CHANGED
                && NAMES.contains(change.path())
                && Rule.precedes(change.at(), trouble)
                && isBound(change.before(), claim)
                && Fields.stands(world, change, trouble.from(), volume -> !isOf(volume, claim));
    }

    private static boolean isBound(Version volume, Version claim) {
        return isOf(volume, claim)
                && volume.get("spec", "claimRef", "uid").asText("").equals(claim.uid());
    }

    private static boolean isOf(Version volume, Version claim) {
        JsonNode reference = volume.get("spec", "claimRef");
        return reference.path("name").asText().equals(claim.key().name())
                && reference.path("namespace").asText().equals(claim.key().namespace());
    }

    private static boolean isHeldForEarlier(Version volume, Version claim) {
        String uid = volume.get("spec", "claimRef", "uid").asText("");
        return isOf(volume, claim) && !uid.isEmpty() && !uid.equals(claim.uid());
    }
}
