/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pod that waits for one which is not made before it is ready. */
final class OrderedStart extends PlainRule {

    private static final String POLICY = "spec.podManagementPolicy";

    OrderedStart() {
        super(
                "ordered-start",
                "A pod of a StatefulSet is not ready, and says that it misses one of a higher ordinal, which is not made before it is,"
                        + " since the StatefulSet's pods are made one after the other. Proved if they were made at once before.",
                TemplateRule.RUNNING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version set = Templates.maker(world, trouble.about());
        if (!set.key().type().equals(Types.STATEFUL_SETS) || !misses(world, trouble, set)) {
            return links;
        }
        for (Change change : world.changes(set.key())) {
            boolean isInput = change.operation() == Change.Operation.CHANGED
                    && change.path().equals(POLICY)
                    && change.at() <= trouble.about().created() + SLACK
                    && !isAtOnce(change.after());
            if (isInput) {
                links.add(Link.to(change, Tier.A, 1, "the pod it misses is not made before this one is ready"));
            }
        }
        return links;
    }

    private static boolean isAtOnce(Version set) {
        return set.get("spec", "podManagementPolicy").asText("").equals("Parallel");
    }

    /** Whether a pod names one of its own set that is to come after it, and is not there. */
    private static boolean misses(World world, Trouble trouble, Version set) {
        String name = set.key().name();
        int own = ordinal(trouble.about().key().name(), name);
        Matcher others = Pattern.compile("(?<![A-Za-z0-9-])" + Pattern.quote(name) + "-(\\d{1,4})(?![A-Za-z0-9-])")
                .matcher(trouble.text());
        while (others.find()) {
            int other = Integer.parseInt(others.group(1));
            ObjectKey pod = new ObjectKey(Types.PODS, set.key().namespace(), name + "-" + other);
            if (own >= 0 && other > own && world.at(pod, trouble.from() + SLACK).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** -1 if a pod's name has none. */
    private static int ordinal(String pod, String set) {
        String rest = pod.startsWith(set + "-") ? pod.substring(set.length() + 1) : "";
        return rest.matches("\\d{1,9}") ? Integer.parseInt(rest) : -1;
    }
}
