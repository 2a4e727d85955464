/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Bounds;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A LimitRange that refuses what a workload asks for. */
final class LimitRangeBounds extends PlainRule {

    LimitRangeBounds() {
        super(
                "limit-range",
                "A pod, or a claim for it, was refused because it asks for more or less than a LimitRange allows. Proved if the LimitRange allows it before"
                        + " a change of either, and not after.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        String text = trouble.text();
        boolean isBound = text.contains(" usage per ") || text.contains("limit to request ratio");
        List<Link> links = new ArrayList<>();
        if (!isBound) {
            return links;
        }
        String namespace = trouble.about().key().namespace();
        Version maker = Templates.maker(world, trouble.about());
        for (Change change : world.changes(Types.LIMIT_RANGES, namespace)) {
            boolean wasThere =
                    change.operation() == Change.Operation.CREATED && Templates.wasMadeWith(world, change, trouble);
            boolean isThere = change.operation() != Change.Operation.DELETED
                    && !wasThere
                    && change.path().matches("|spec.*");
            if (isThere && Rule.precedes(change.at(), trouble)) {
                boolean allowed =
                        change.before() == null || allows(change.before().body(), maker.body());
                boolean proved = allowed
                        && !allows(change.after().body(), maker.body())
                        && (change.operation() != Change.Operation.CHANGED
                                || Undoing.decides(world, change, range -> allows(range, maker.body())));
                links.add(Link.to(
                        change,
                        proved ? Tier.A : Tier.B,
                        proved ? 1 : 0.6,
                        proved ? "the LimitRange does not allow it since" : "the LimitRange was changed"));
            }
        }
        for (Change change : world.changes(maker.key())) {
            boolean asks = change.operation() == Change.Operation.CHANGED
                    && change.path().contains(".resources");
            if (asks && Rule.precedes(change.at(), trouble)) {
                List<Version> ranges = world.list(Types.LIMIT_RANGES, namespace, change.at());
                boolean proved = allow(ranges, change.before().body())
                        && !allow(ranges, change.after().body())
                        && Undoing.decides(world, change, body -> allow(ranges, body));
                links.add(Link.to(
                        change,
                        proved ? Tier.A : Tier.B,
                        proved ? 0.95 : 0.5,
                        "the pod asks for what the LimitRange does not allow"));
            }
        }
        return links;
    }

    private static boolean allow(List<Version> ranges, JsonNode maker) {
        return ranges.stream().allMatch(range -> allows(range.body(), maker));
    }

    /** Whether a LimitRange admits the pods of a workload, and the claims made for them. */
    private static boolean allows(JsonNode range, JsonNode maker) {
        return Bounds.allow(range, Pods.template(maker).path("spec"))
                && Bounds.allowClaims(range, maker.path("spec").path("volumeClaimTemplates"));
    }
}
