/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.why.kube.Fit;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.kube.Selectors;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Pods beside which another one has to be, and that are not there any more, or have other labels. */
final class MissingCompanion extends PlainRule {

    private static final int MOST = 20;

    MissingCompanion() {
        super(
                "missing-companion",
                "No node takes a pod that has to be beside others, since the labels in the template of those were changed, or their"
                        + " workload was deleted or set to 0. Proved: a node takes it but for that, and some took it, as it is, before.",
                Set.of(What.UNSCHEDULABLE));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        if (!trouble.text().contains("match pod affinity") || fits(world, trouble, pod.get("spec"), trouble.from())) {
            return links;
        }
        boolean isAllElseWell = fits(world, trouble, alone(pod.get("spec")), trouble.from());
        for (Map.Entry<ObjectKey, Set<ObjectKey>> maker : makers(world, trouble).entrySet()) {
            ObjectKey key = maker.getKey();
            Predicate<Version> isBeside =
                    each -> Fit.isBeside(world, pod.get("spec"), pod.key().namespace(), key.namespace(), labels(each));
            for (Change change : world.changes(key)) {
                if (Rule.precedes(change.at(), trouble) && isLost(world, trouble, change, isBeside)) {
                    boolean isProved = isAllElseWell
                            && knows(world, trouble)
                            && !othersWere(world, trouble, change.at(), maker.getValue())
                            && fits(world, trouble, pod.get("spec"), change.at() - 1);
                    links.add(Link.to(
                            change,
                            isProved ? Tier.A : Tier.B,
                            isProved ? 0.95 : 0.7,
                            "the pod has to be beside its pods, and there are none any more that it means"));
                }
            }
        }
        return links;
    }

    /** Whether a workload had pods that the failing one has to be beside until a change, and has none since. */
    private static boolean isLost(World world, Trouble trouble, Change change, Predicate<Version> isBeside) {
        if (change.before() == null || !isBeside.test(change.before())) {
            return false;
        }
        if (change.operation() == Change.Operation.DELETED) {
            return world.at(change.key(), trouble.from()).isEmpty();
        }
        if (change.path().equals("spec.replicas")) {
            return isEmpty(change.after()) && Fields.stands(world, change, trouble.from(), MissingCompanion::isEmpty);
        }
        return change.path().contains("metadata.labels")
                && !isBeside.test(change.after())
                && Selectors.asksFor(Fit.together(trouble.about().get("spec")), change.path())
                && change.path().startsWith(Templates.prefix(change.after().body()))
                && Fields.stands(world, change, trouble.from(), isBeside.negate());
    }

    /** Whether a node took a pod beside others, too, when a workload's pods went, so that it is them who are missed. */
    private static boolean othersWere(World world, Trouble trouble, long time, Set<ObjectKey> pods) {
        Version pod = trouble.about();
        Set<ObjectKey> besides = new LinkedHashSet<>(pods);
        besides.add(pod.key());
        Fit.besideIn(world, pod.get("spec"), pod.key().namespace()).stream()
                .flatMap(key -> world.at(key, time).stream())
                .filter(each -> each.get("metadata").has("deletionTimestamp"))
                .forEach(each -> besides.add(each.key()));
        return new Fit(world, time, besides).any(pod.get("spec"), pod);
    }

    private static boolean isEmpty(Version maker) {
        return maker.get("spec", "replicas").asInt(1) == 0;
    }

    private static JsonNode labels(Version maker) {
        return Pods.template(maker.body()).path("metadata").path("labels");
    }

    /** The workloads of those pods that a pod has to be beside, and that were there in the window, with these. */
    private static Map<ObjectKey, Set<ObjectKey>> makers(World world, Trouble trouble) {
        Map<ObjectKey, Set<ObjectKey>> found = new LinkedHashMap<>();
        Version pod = trouble.about();
        for (ObjectKey key : Fit.besideIn(world, pod.get("spec"), pod.key().namespace())) {
            ObjectKey maker = world.root(world.versions(key).getFirst()).key();
            if (found.size() < MOST || found.containsKey(maker)) {
                found.computeIfAbsent(maker, _ -> new LinkedHashSet<>()).add(key);
            }
        }
        return found;
    }

    private static JsonNode alone(JsonNode spec) {
        ObjectNode without = spec.deepCopy();
        if (without.path("affinity") instanceof ObjectNode affinity) {
            affinity.remove("podAffinity");
        }
        return without;
    }

    private static boolean knows(World world, Trouble trouble) {
        return new Fit(world, trouble.from(), Set.of()).knowsPods();
    }

    private static boolean fits(World world, Trouble trouble, JsonNode spec, long time) {
        Version pod = trouble.about();
        return new Fit(world, time, Set.of(pod.key())).any(spec, pod);
    }
}
