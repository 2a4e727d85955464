/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Quantities;
import dev.traversion.analysis.why.kube.Selectors;
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

/** A claim that no volume made by hand fits. */
final class ClaimOffer extends PlainRule {

    static final String CLASS = "storageClassName";

    /** The volumeMode of what does not say any. */
    private static final String FILES = "Filesystem";

    /** The provisioner of a class whose volumes are made by hand. */
    private static final String NOBODY = "kubernetes.io/no-provisioner";

    ClaimOffer() {
        super(
                "claim-offer",
                "A claim asks for an access, a size, labels or a class that no volume has, and nobody makes volumes for its class."
                        + " Proved: some free volume fits it in all but that, and none fitted it before."
                        + " Or a StatefulSet is to have more pods than there are volumes"
                        + " for its claims: proved, as those of lower ordinals are bound, and none was free that fits this one.",
                Set.of(What.CLAIM_PENDING));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version claim = trouble.about();
        if (isMade(world, claim, trouble.from() + SLACK)) {
            return links;
        }
        if (ClaimTemplates.wasServed(world, claim)) {
            ClaimTemplates.raised(world, claim)
                    // Where others of the template are of another class, that is what is wrong with this one.
                    .filter(_ -> !isOffered(world, trouble) && !ClaimTemplates.wasServedByOtherClass(world, claim))
                    .ifPresent(change -> links.add(ofMore(world, trouble, change)));
            return links;
        }
        List<String> wrong = new ArrayList<>();
        boolean hasClass = false;
        for (Version volume : world.list(Types.VOLUMES, "", trouble.from() + SLACK)) {
            List<String> unfit = unfit(claim.get("spec"), volume);
            if (isFree(volume) && unfit.isEmpty()) {
                return List.of();
            }
            if (isFree(volume) && unfit.size() == 1) {
                wrong.add(unfit.getFirst());
            }
            hasClass |= !unfit.contains(CLASS);
        }
        // Volumes of its class are not free: those of others, which are, would not have served it either.
        boolean isOfClass = hasClass;
        boolean wasFitting = !VolumeChanged.lost(world, trouble).isEmpty();
        for (Change change : world.changes(claim.key())) {
            if (change.operation() == Change.Operation.CREATED && change.after().created() == claim.created()) {
                wrong.stream()
                        .filter(field -> !field.equals(CLASS) || !isOfClass)
                        .distinct()
                        .forEach(field -> links.add(Link.to(
                                change.at("spec." + field, value(claim, field)),
                                wasFitting ? Tier.B : Tier.A,
                                wasFitting ? 0.7 : 0.96,
                                "a volume is free that fits in all but this")));
            }
        }
        return links;
    }

    /** There are to be more pods than volumes. */
    private static Link ofMore(World world, Trouble trouble, Change change) {
        boolean isKnown = isKnown(world, trouble);
        boolean isProved = isKnown && !wasOffered(world, trouble);
        return Link.to(
                change,
                isProved ? Tier.A : Tier.B,
                isProved ? 1 : isKnown ? 0.8 : 0.5,
                isKnown
                        ? "no volume is left for the claim of one more pod, and nobody makes any"
                        : "one more pod asks for a volume, as others have one");
    }

    /** Whether all volumes are known, and whether somebody makes any for the class of a claim. */
    static boolean isKnown(World world, Trouble trouble) {
        boolean knowsClass = trouble.about().get("spec", CLASS).asText("").isEmpty() || world.knows(Types.CLASSES, "");
        return knowsClass && world.knows(Types.VOLUMES, "");
    }

    /** Whether a volume that no claim had would have become a claim's. */
    static boolean isFor(Version volume, Version claim) {
        List<String> unfit = unfit(claim.get("spec"), volume);
        if (isKept(volume, claim)) {
            unfit.removeAll(List.of("selector", CLASS));
        }
        String meant = claim.get("spec", "volumeName").asText("");
        boolean isLeft = (isFree(volume) || isKept(volume, claim))
                && (meant.isEmpty() || meant.equals(volume.key().name()));
        return isLeft && unfit.isEmpty() && !volume.get("metadata").has("deletionTimestamp");
    }

    /** Whether somebody wrote down that a volume, which no claim has had yet, is for a claim: then labels and class do not count. */
    static boolean isKept(Version volume, Version claim) {
        return isOf(volume, claim) && !volume.get("spec", "claimRef").has("uid");
    }

    /** Whether a volume is there for a claim: free, or written down for it. */
    static boolean isOffered(World world, Trouble trouble) {
        Version claim = trouble.about();
        return world.list(Types.VOLUMES, "", trouble.from() + SLACK).stream()
                .anyMatch(volume -> isOf(volume, claim)
                        || (isFree(volume) && unfit(claim.get("spec"), volume).isEmpty()));
    }

    /** Whether one was, which another claim than those of its template, or nobody, has since. */
    private static boolean wasOffered(World world, Trouble trouble) {
        Version claim = trouble.about();
        for (ObjectKey key : world.keys(Types.VOLUMES, "")) {
            boolean wasFree = world.versions(key).stream()
                    .anyMatch(volume -> !volume.deleted()
                            && volume.at() <= trouble.from() + SLACK
                            && (isOf(volume, claim)
                                    || (isFree(volume)
                                            && unfit(claim.get("spec"), volume).isEmpty())));
            boolean isTheirs = world.at(key, trouble.from() + SLACK)
                    .filter(volume -> ClaimTemplates.areAlike(
                            world,
                            claim,
                            volume.get("spec", "claimRef", "namespace").asText(),
                            volume.get("spec", "claimRef", "name").asText()))
                    .isPresent();
            if (wasFree && !isTheirs) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(Version volume, Version claim) {
        JsonNode reference = volume.get("spec", "claimRef");
        return reference.path("namespace").asText().equals(claim.key().namespace())
                && reference.path("name").asText().equals(claim.key().name());
    }

    /** Whether somebody makes volumes for a claim: then those that are there tell nothing. */
    static boolean isMade(World world, Version claim, long time) {
        String name = claim.get("spec", "storageClassName").asText("");
        return world.at(new ObjectKey(Types.CLASSES, "", name), time)
                .filter(ClaimOffer::isMadeOnDemand)
                .isPresent();
    }

    /** Whether somebody makes volumes for a class. */
    static boolean isMadeOnDemand(Version storage) {
        return !storage.get("provisioner").asText("").equals(NOBODY);
    }

    static boolean isFree(Version volume) {
        return volume.get("spec", "claimRef").isMissingNode();
    }

    private static JsonNode value(Version claim, String field) {
        JsonNode value = claim.get("spec");
        for (String each : field.split("\\.")) {
            value = value.path(each);
        }
        return value;
    }

    /** The fields of a claim in which a volume does not fit it. */
    static List<String> unfit(JsonNode claim, Version volume) {
        List<String> found = new ArrayList<>();
        JsonNode offered = volume.get("spec", "accessModes");
        for (JsonNode mode : claim.path("accessModes")) {
            if (!offered.toString().contains(mode.toString())) {
                found.add("accessModes");
                break;
            }
        }
        if (Quantities.of(claim.path("resources").path("requests").path("storage"), 0)
                > Quantities.of(volume.get("spec", "capacity", "storage"), 0)) {
            found.add("resources.requests.storage");
        }
        JsonNode selector = claim.path("selector");
        if (!selector.isEmpty() && !Selectors.matches(selector, volume.get("metadata", "labels"))) {
            found.add("selector");
        }
        if (!claim.path("volumeMode")
                .asText(FILES)
                .equals(volume.get("spec", "volumeMode").asText(FILES))) {
            found.add("volumeMode");
        }
        if (!claim.path(CLASS).asText("").equals(volume.get("spec", CLASS).asText(""))) {
            found.add(CLASS);
        }
        return found;
    }
}
