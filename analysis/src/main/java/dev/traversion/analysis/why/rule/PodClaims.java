/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.OtherTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The claims for storage that a pod waits for. */
final class PodClaims extends PlainRule {

    private static final Pattern OF_VOLUMES = Pattern.compile("volume|storage", Pattern.CASE_INSENSITIVE);

    /** What every claim has, for as long as a pod uses it. */
    private static final String PROTECTION = "kubernetes.io/pvc-protection";

    private static final String HELD = "it is being deleted, and held by its finalizers";

    private static final String NO_VOLUME = "find available persistent volumes to bind";

    PodClaims() {
        super(
                "pod-claims",
                "A pod waits for a PersistentVolumeClaim that is not bound, or not there. Proved by the claim, if what is said of the"
                        + " pod is about volumes.",
                Set.of(What.UNSCHEDULABLE, What.MOUNT_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        // A claim may wait for its pod, which waits for something else.
        boolean isOfVolumes = trouble.what() != What.UNSCHEDULABLE
                || OF_VOLUMES.matcher(trouble.text()).find();
        Tier tier = isOfVolumes ? Tier.A : Tier.B;
        for (JsonNode volume : trouble.about().get("spec", "volumes")) {
            String name = volume.path("persistentVolumeClaim").path("claimName").asText("");
            if (name.isEmpty()) {
                continue;
            }
            ObjectKey claim = new ObjectKey(Types.CLAIMS, trouble.about().key().namespace(), name);
            List<Trouble> ofClaim = troubles(world, claim, trouble);
            for (Trouble of : ofClaim.isEmpty() ? unfound(world, claim, trouble) : ofClaim) {
                links.add(Link.to(of, tier, isOfVolumes ? 1 : 0.5, "the pod waits for the claim " + name));
            }
            for (Change change : world.changes(claim)) {
                boolean isGone = change.operation() == Change.Operation.DELETED
                        && world.at(claim, trouble.from() + SLACK).isEmpty();
                if (isGone && Rule.precedes(change.at(), trouble)) {
                    links.add(Link.to(change, tier, isOfVolumes ? 1 : 0.5, "the pod's claim was deleted"));
                }
            }
        }
        return links;
    }

    /** What is wrong with a claim; also if it is deleted, and somebody else than those who use it holds it. */
    private static List<Trouble> troubles(World world, ObjectKey claim, Trouble trouble) {
        List<Trouble> found = new ArrayList<>(OtherTroubles.of(world, claim));
        world.at(claim, trouble.from() + SLACK)
                .filter(PodClaims::isHeld)
                .map(held -> state(What.TERMINATING, held, HELD, HELD, trouble))
                .ifPresent(found::add);
        return found;
    }

    private static boolean isHeld(Version claim) {
        return claim.get("metadata").has("deletionTimestamp")
                && claim.get("metadata", "finalizers").valueStream().anyMatch(each -> !each.asText()
                        .equals(PROTECTION));
    }

    /** What is wrong with a claim for as long as a pod waits for it. */
    private static Trouble state(What what, Version claim, String text, String seen, Trouble waits) {
        return new Trouble(what, claim, "", text, waits.from(), waits.to(), List.of(Evidence.version(claim, seen)));
    }

    /** A claim that waits for its pod is not in trouble, until the scheduler finds no volume for it. */
    private static List<Trouble> unfound(World world, ObjectKey claim, Trouble trouble) {
        if (!trouble.text().contains(NO_VOLUME)) {
            return List.of();
        }
        return world.at(claim, trouble.from() + SLACK).stream()
                .filter(each -> each.get("status", "phase").asText().equals("Pending"))
                .map(each -> state(What.CLAIM_PENDING, each, "no volume fits it", "Pending", trouble))
                .toList();
    }
}
