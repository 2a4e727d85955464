/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.Optional;

/** Claims that a StatefulSet makes, one for each of its pods, of the same template. */
final class ClaimTemplates {

    private ClaimTemplates() {}

    /** When a claim was made, as far as that was seen, ns. */
    static long made(World world, Version claim) {
        return world.versions(claim.key()).stream()
                .filter(each -> each.uid().equals(claim.uid()))
                .mapToLong(Version::at)
                .findFirst()
                .orElse(claim.at());
    }

    /** A StatefulSet, one of its templates, and what the names of the claims of it begin with. */
    private record Maker(Version set, JsonNode template, String prefix) {}

    /** Whether a claim that was made before of the same template got its volume: then what it asks for harms nobody. */
    static boolean wasServed(World world, Version claim) {
        long made = made(world, claim);
        return maker(world, claim)
                .filter(maker -> servedOther(world, claim, maker.set(), maker.prefix(), made))
                .isPresent();
    }

    /** Whether two claims, the second by its name, are of the same template. */
    static boolean areAlike(World world, Version claim, String namespace, String name) {
        return claim.key().namespace().equals(namespace)
                && maker(world, claim)
                        .filter(maker -> isOf(maker.prefix(), name))
                        .isPresent();
    }

    /** Whether the template of a claim names no class, and a claim of it that was made before is bound, and of another one. */
    static boolean wasServedByOtherClass(World world, Version claim) {
        Optional<Maker> maker = maker(world, claim);
        boolean namesNone =
                maker.isPresent() && !maker.get().template().path("spec").has("storageClassName");
        if (!namesNone || !wasServed(world, claim)) {
            return false;
        }
        JsonNode own = claim.get("spec", "storageClassName");
        return world.keys(Types.CLAIMS, claim.key().namespace()).stream()
                .filter(key -> isOf(maker.get().prefix(), key.name()) && !key.equals(claim.key()))
                .flatMap(key -> world.at(key, made(world, claim)).stream())
                .anyMatch(each -> each.get("status", "phase").asText().equals("Bound")
                        && !each.get("spec", "storageClassName").equals(own));
    }

    /** The change since which a StatefulSet is to have a pod for which a claim was made; empty if it was to have it before. */
    static Optional<Change> raised(World world, Version claim) {
        long made = made(world, claim);
        Optional<Maker> maker = maker(world, claim);
        if (maker.isEmpty()) {
            return Optional.empty();
        }
        int ordinal = Integer.parseInt(
                claim.key().name().substring(maker.get().prefix().length()));
        return world.changes(maker.get().set().key()).stream()
                .filter(change -> change.operation() == Change.Operation.CHANGED
                        && change.path().equals("spec.replicas")
                        && change.at() <= made + Rule.SLACK
                        && ordinal >= end(change.before())
                        && ordinal < end(change.after())
                        && Fields.stands(world, change, made, version -> ordinal < end(version)))
                .reduce((_, last) -> last);
    }

    /** The first ordinal that a StatefulSet is not to have. */
    private static int end(Version set) {
        return set.get("spec", "ordinals", "start").asInt()
                + set.get("spec", "replicas").asInt(1);
    }

    private static Optional<Maker> maker(World world, Version claim) {
        for (Version set : world.list(Types.STATEFUL_SETS, claim.key().namespace(), made(world, claim))) {
            for (JsonNode template : set.get("spec", "volumeClaimTemplates")) {
                String prefix = template.path("metadata").path("name").asText() + "-"
                        + set.key().name() + "-";
                if (isOf(prefix, claim.key().name())) {
                    return Optional.of(new Maker(set, template, prefix));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(String prefix, String name) {
        return name.startsWith(prefix) && name.substring(prefix.length()).matches("\\d{1,9}");
    }

    private static boolean servedOther(World world, Version claim, Version set, String prefix, long made) {
        long since = world.changes(set.key()).stream()
                .filter(change -> change.path().startsWith("spec.volumeClaimTemplates") && change.at() <= made)
                .mapToLong(change -> change.at())
                .max()
                .orElse(set.created());
        for (ObjectKey key : world.keys(Types.CLAIMS, claim.key().namespace())) {
            boolean isOther = isOf(prefix, key.name()) && !key.equals(claim.key());
            boolean isServed = isOther
                    && world.versions(key).stream()
                            .anyMatch(each -> !each.deleted()
                                    && each.at() <= made
                                    && each.created() >= since
                                    && each.get("status", "phase").asText().equals("Bound"));
            if (isServed) {
                return true;
            }
        }
        return false;
    }
}
