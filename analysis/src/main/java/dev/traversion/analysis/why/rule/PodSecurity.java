/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A level of Pod Security that refuses a pod. */
final class PodSecurity extends PlainRule {

    private static final String ENFORCE = "pod-security.kubernetes.io/enforce";

    private static final List<String> LEVELS = List.of("privileged", "baseline", "restricted");

    PodSecurity() {
        super(
                "pod-security",
                "A pod was refused because it violates the level of Pod Security that its namespace enforces. Proved if the label was"
                        + " changed to the level that the message names, from a weaker one, and no pod of the workload was made since.",
                Set.of(What.CREATE_REFUSED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        if (!trouble.text().contains("violates PodSecurity")) {
            return links;
        }
        ObjectKey namespace =
                new ObjectKey(Types.NAMESPACES, "", trouble.about().key().namespace());
        for (Change change : world.changes(namespace)) {
            boolean isLevel = change.path().contains(ENFORCE) && !change.path().contains("version");
            boolean isLabels = change.path().equals("metadata.labels")
                    && change.now() != null
                    && change.now().has(ENFORCE);
            boolean isAll = change.operation() == Change.Operation.CREATED;
            if ((isLevel || isLabels || isAll) && Rule.precedes(change.at(), trouble)) {
                String level = change.after().get("metadata", "labels", ENFORCE).asText("");
                boolean named = !level.isEmpty()
                        && Pattern.compile("violates PodSecurity \\W{0,2}" + Pattern.quote(level) + "\\b")
                                .matcher(trouble.text())
                                .find();
                links.add(Link.to(
                        isAll
                                ? change.at(
                                        "metadata.labels[\"" + ENFORCE + "\"]",
                                        change.after().get("metadata", "labels", ENFORCE))
                                : change,
                        named && isStricter(change, level) && !wasMadeSince(world, trouble, change) ? Tier.A : Tier.B,
                        named ? 1 : 0.5,
                        "the namespace enforces a level of Pod Security that the pod violates"));
            }
        }
        ofPods(world, trouble, links);
        return links;
    }

    /** Whether a level refuses more than the one before. */
    private static boolean isStricter(Change change, String level) {
        String before = change.before() == null
                ? level
                : change.before().get("metadata", "labels", ENFORCE).asText("");
        return LEVELS.indexOf(level) > LEVELS.indexOf(before);
    }

    /** Whether pods of the workload were admitted since: then the level is not what they fail by. */
    private static boolean wasMadeSince(World world, Trouble trouble, Change change) {
        return WorkloadTroubles.family(world, Templates.maker(world, trouble.about())).stream()
                .filter(key -> key.type().equals(Types.PODS))
                .mapToLong(key -> world.versions(key).getFirst().created())
                .anyMatch(created -> created > change.at() + SLACK && created < trouble.from());
    }

    private static void ofPods(World world, Trouble trouble, List<Link> links) {
        Version maker = Templates.maker(world, trouble.about());
        for (Change change : world.changes(maker.key())) {
            boolean isSecurity = change.path().contains("securityContext")
                    || change.path().contains("host")
                    || change.path().contains("volumes");
            if (isSecurity && Rule.precedes(change.at(), trouble)) {
                links.add(Link.to(change, Tier.B, 0.8, "the pod violates the level of Pod Security since"));
            }
        }
    }
}
