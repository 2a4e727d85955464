/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

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

/** The class of storage that a claim asks for. */
final class ClaimClass extends PlainRule {

    ClaimClass() {
        super(
                "storage-class",
                "A claim asks for a StorageClass that is not there. Proved: the class was deleted, or the claim was created with its"
                        + " name.",
                Set.of(What.CLAIM_PENDING));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version claim = trouble.about();
        if (wasBound(world, claim)) {
            return links;
        }
        String name = claim.get("spec", "storageClassName").asText("");
        ObjectKey storage = new ObjectKey(Types.CLASSES, "", name);
        boolean isThere =
                !name.isEmpty() && world.at(storage, trouble.from() + SLACK).isPresent();
        // Volumes made by hand have classes that nobody serves.
        boolean isOfHand = world.list(Types.VOLUMES, "", trouble.from() + SLACK).stream()
                .anyMatch(volume ->
                        volume.get("spec", "storageClassName").asText("").equals(name));
        boolean isAbsent = !name.isEmpty() && !isThere && !isOfHand && world.knows(Types.CLASSES, "");
        for (Change change : world.changes(storage)) {
            if (change.operation() == Change.Operation.DELETED && isAbsent && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.A, 1, "the claim's StorageClass was deleted"));
            }
        }
        for (Change change : world.changes(claim.key())) {
            boolean isClass = change.path().equals("spec.storageClassName");
            boolean isMade = change.operation() == Change.Operation.CREATED && !ClaimTemplates.wasServed(world, claim);
            if (isClass || isMade) {
                links.add(Link.to(
                        isClass ? change : change.at("spec.storageClassName", claim.get("spec", "storageClassName")),
                        isAbsent ? Tier.A : Tier.B,
                        isAbsent ? 0.95 : isOfHand ? 0.4 : 0.6,
                        isAbsent ? "there is no StorageClass " + name : "the claim asks for the StorageClass " + name));
            }
        }
        return links;
    }

    /** Whether a claim had a volume once: then its class did not keep it from one. */
    private static boolean wasBound(World world, Version claim) {
        return world.versions(claim.key()).stream()
                .anyMatch(each -> each.uid().equals(claim.uid())
                        && each.get("status", "phase").asText().equals("Bound"));
    }
}
