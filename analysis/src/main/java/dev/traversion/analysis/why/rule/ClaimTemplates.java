/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;

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

    /** Whether a claim that was made before of the same template got its volume: then what it asks for harms nobody. */
    static boolean wasServed(World world, Version claim) {
        long made = made(world, claim);
        String name = claim.key().name();
        for (Version set : world.list(Types.STATEFUL_SETS, claim.key().namespace(), made)) {
            for (JsonNode template : set.get("spec", "volumeClaimTemplates")) {
                String prefix = template.path("metadata").path("name").asText() + "-"
                        + set.key().name() + "-";
                if (isOf(prefix, name) && servedOther(world, claim, set, prefix, made)) {
                    return true;
                }
            }
        }
        return false;
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
