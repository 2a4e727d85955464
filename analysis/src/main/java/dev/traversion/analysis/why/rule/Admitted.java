/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a workload, of which something is refused, was let make at other times: the control of whoever refuses. */
final class Admitted {

    /** So long the API server may take to know of what it has to ask about, ns. */
    private static final long LAG = 5_000_000_000L;

    private Admitted() {}

    /** Whether something was let in for long after a change, and before the trouble: then the change alone is not the cause. */
    static boolean since(World world, Trouble trouble, Change change) {
        return made(world, trouble)
                .anyMatch(each -> each.created() > change.at() + LAG && each.created() < trouble.from() - Rule.SLACK);
    }

    /** What was made of the same spec before a change, when those who were asked about it were as they are since. */
    static List<Version> before(World world, Trouble trouble, Change change, List<ObjectKey> rules) {
        Version maker = Templates.maker(world, trouble.about());
        JsonNode refused = Templates.spec(world, maker, trouble.from());
        List<Change> others = new ArrayList<>(world.changes(
                new ObjectKey(Types.NAMESPACES, "", trouble.about().key().namespace())));
        rules.forEach(rule -> others.addAll(world.changes(rule)));
        return made(world, trouble)
                .filter(each -> each.created() + Rule.SLACK < change.at())
                .filter(each -> others.stream().noneMatch(other -> other.at() > each.created() - Rule.SLACK))
                .filter(each -> rules.stream().allMatch(rule -> isOlder(world, rule, each)))
                .filter(each -> !refused.isMissingNode()
                        && refused.equals(Templates.spec(world, maker, each.created() + Rule.SLACK / 2)))
                .toList();
    }

    /** Whether an object was there, as it is at the beginning of the window, when another one was made before that. */
    private static boolean isOlder(World world, ObjectKey rule, Version made) {
        return made.created() >= world.from()
                || world.at(rule, world.from())
                        .filter(each -> each.created() + Rule.SLACK < made.created())
                        .filter(each -> each.get("metadata", "generation").asInt(1) == 1)
                        .filter(each -> !asksForNamespace(each))
                        .isPresent();
    }

    /** Whether what a namespace is like matters to a rule: nothing tells since when its labels are what they are. */
    private static boolean asksForNamespace(Version rule) {
        return rule.get("spec").findValues("namespaceSelector").stream().anyMatch(selector -> !selector.isEmpty())
                || rule.get("spec").toString().contains("namespaceObject");
    }

    /** Objects of the sort that was refused, as they were made. */
    static Stream<Version> made(World world, Trouble trouble) {
        ResourceType maker = trouble.about().key().type();
        ResourceType type = maker.equals(Types.CRON_JOBS)
                ? Types.JOBS
                : maker.equals(Types.DEPLOYMENTS) ? Types.REPLICA_SETS : Types.PODS;
        return WorkloadTroubles.family(world, Templates.maker(world, trouble.about())).stream()
                .filter(key -> key.type().equals(type))
                .map(key -> world.versions(key).getFirst());
    }
}
