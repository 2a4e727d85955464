/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The class of storage that is given to claims which name none. */
final class DefaultClass extends PlainRule {

    private static final List<String> MARKS =
            List.of("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class");

    DefaultClass() {
        super(
                "default-class",
                "A claim names no StorageClass, and the one that claims were given then was deleted, or is the default no more. Proved if"
                        + " there was no other when the claim was made, and a volume of it is free that fits, or claims of it are bound."
                        + " Or another one became the default. Proved if the claim is of a template that names none, and claims of it"
                        + " that were made before have another class, and are bound.",
                Set.of(What.CLAIM_PENDING));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        Optional<Link> other = ofOther(world, trouble);
        return other.isPresent() ? List.of(other.get()) : ofNone(world, trouble);
    }

    /** The class that became the default before a claim was made of a template that names none, and others before it got another. */
    private static Optional<Link> ofOther(World world, Trouble trouble) {
        Version claim = trouble.about();
        String name = claim.get("spec", "storageClassName").asText("");
        long made = ClaimTemplates.made(world, claim);
        if (name.isEmpty() || !ClaimTemplates.wasServedByOtherClass(world, claim)) {
            return Optional.empty();
        }
        Change last = null;
        for (Change change : world.changes(new ObjectKey(Types.CLASSES, "", name))) {
            boolean isNew = change.operation() != Change.Operation.DELETED
                    && isDefault(change.after())
                    && (change.before() == null || (!isDefault(change.before()) && isOfMark(change.path())));
            last = isNew && change.at() <= made + SLACK ? change : last;
        }
        return Optional.ofNullable(last)
                .map(change -> Link.to(
                        change,
                        Tier.A,
                        1,
                        "claims that name no class are given this one since, and were another before"));
    }

    private static List<Link> ofNone(World world, Trouble trouble) {
        Version claim = trouble.about();
        JsonNode spec = claim.get("spec");
        long made = ClaimTemplates.made(world, claim);
        boolean namesNone = !spec.has("storageClassName")
                && !spec.has("volumeName")
                && !claim.get("metadata", "annotations").has("volume.beta.kubernetes.io/storage-class");
        if (!namesNone || world.list(Types.CLASSES, "", made).stream().anyMatch(DefaultClass::isDefault)) {
            return List.of();
        }
        Change last = null;
        for (Change change : world.changes(Types.CLASSES, "")) {
            boolean isMarked = change.before() != null && isDefault(change.before());
            boolean isOver = change.operation() == Change.Operation.DELETED
                    || (!isDefault(change.after()) && isOfMark(change.path()));
            last = isMarked && isOver && change.at() <= made ? change : last;
        }
        if (last == null) {
            return List.of();
        }
        boolean proved = world.knows(Types.CLASSES, "") && serves(world, trouble, last.before());
        String text = "a claim that names no class is given the default one, and there is none since";
        return List.of(Link.to(last, proved ? Tier.A : Tier.B, proved ? 1 : 0.9, text));
    }

    private static boolean isDefault(Version storage) {
        JsonNode annotations = storage.get("metadata", "annotations");
        return MARKS.stream().anyMatch(mark -> annotations.path(mark).asText().equals("true"));
    }

    private static boolean isOfMark(String path) {
        return path.equals("metadata.annotations") || MARKS.stream().anyMatch(path::contains);
    }

    /** Whether a claim of a class would have got a volume. */
    private static boolean serves(World world, Trouble trouble, Version storage) {
        Version claim = trouble.about();
        String name = storage.key().name();
        long time = trouble.from() + SLACK;
        if (ClaimOffer.isMadeOnDemand(storage)) {
            return world.list(Types.CLAIMS, claim.key().namespace(), time).stream()
                    .filter(each ->
                            each.get("spec", "storageClassName").asText().equals(name))
                    .anyMatch(each -> each.get("status", "phase").asText().equals("Bound"));
        }
        ObjectNode asking = claim.get("spec").deepCopy();
        asking.put("storageClassName", name);
        return world.list(Types.VOLUMES, "", time).stream()
                .anyMatch(volume -> ClaimOffer.isFree(volume)
                        && ClaimOffer.unfit(asking, volume).isEmpty());
    }
}
