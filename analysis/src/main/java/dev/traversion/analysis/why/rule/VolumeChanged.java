/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A claim that a volume made by hand would have fitted, until the volume was changed. */
final class VolumeChanged extends PlainRule {

    private static final String LABELS = "metadata.labels";

    VolumeChanged() {
        super(
                "volume-changed",
                "A claim waits, since a volume that nobody had was changed or deleted: its labels, class, access, size, or whom it is"
                        + " kept for. Proved: it fitted the claim before, and does not since, no other does, and nobody makes"
                        + " volumes for its class.",
                Set.of(What.CLAIM_PENDING));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        boolean isProved = ClaimOffer.isKnown(world, trouble);
        List<Link> links = new ArrayList<>();
        for (Change change : lost(world, trouble)) {
            links.add(Link.to(
                    change,
                    isProved ? Tier.A : Tier.B,
                    isProved ? 1 : 0.9,
                    "the volume fitted the claim before, and none does since"));
        }
        return links;
    }

    /** The changes by which volumes do not fit a claim any more that they fitted before. */
    static List<Change> lost(World world, Trouble trouble) {
        Version claim = trouble.about();
        List<Change> found = new ArrayList<>();
        if (ClaimOffer.isMade(world, claim, trouble.from() + SLACK) || ClaimOffer.isOffered(world, trouble)) {
            return found;
        }
        for (Change change : world.changes(Types.VOLUMES, "")) {
            boolean isBefore = change.before() != null && Rule.precedes(change.at(), trouble);
            if (isBefore && ClaimOffer.isFor(change.before(), claim) && takes(change, claim)) {
                // Whoever fitted it again, and was given away then, was not missed for this.
                boolean isLost = world.versions(change.key()).stream()
                        .filter(volume -> volume.at() >= change.at() && volume.at() <= trouble.from() + SLACK)
                        .allMatch(volume -> volume.deleted() == (change.operation() == Change.Operation.DELETED)
                                && (volume.deleted() || !ClaimOffer.isFor(volume, claim)));
                if (isLost) {
                    found.add(change);
                }
            }
        }
        return found;
    }

    /** Whether a change of a volume, even alone, takes it away from a claim that it fitted. */
    private static boolean takes(Change change, Version claim) {
        if (change.operation() == Change.Operation.DELETED) {
            return true;
        }
        String path = change.path();
        if (path.startsWith(LABELS)) {
            JsonNode selector = claim.get("spec", "selector");
            return !selector.isEmpty()
                    && Selectors.asksFor(selector, path)
                    && !Selectors.matches(selector, alone(change));
        }
        if (path.startsWith("spec.claimRef")) {
            // Whoever gives it to a claim writes down which one exactly.
            boolean isGiven = change.after().get("spec", "claimRef").has("uid");
            return !isGiven && !ClaimOffer.isFree(change.after()) && !ClaimOffer.isKept(change.after(), claim);
        }
        List<String> unfit = ClaimOffer.unfit(claim.get("spec"), change.after());
        return (path.startsWith("spec.accessModes") && unfit.contains("accessModes"))
                || (path.startsWith("spec.capacity") && unfit.contains("resources.requests.storage"))
                || (path.startsWith("spec." + ClaimOffer.CLASS) && unfit.contains(ClaimOffer.CLASS));
    }

    /** The labels of a volume if only this one had been changed. */
    private static JsonNode alone(Change change) {
        JsonNode labels = Pods.labels(change.before());
        if (change.path().equals(LABELS) || !(labels instanceof ObjectNode)) {
            return Pods.labels(change.after());
        }
        ObjectNode changed = labels.deepCopy();
        String name = Fields.name(change.path().substring(Fields.lastStep(change.path())));
        if (change.now() == null) {
            changed.remove(name);
        } else {
            changed.set(name, change.now());
        }
        return changed;
    }
}
