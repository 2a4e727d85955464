/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.ArrayList;
import java.util.List;

/** A pod of a Job that has a number which there was no pod for before. */
final class JobIndexes extends PlainRule {

    private static final String INDEX = "batch.kubernetes.io/job-completion-index";

    private static final String VARIABLE = "$(JOB_COMPLETION_INDEX)";

    JobIndexes() {
        super(
                "job-indexes",
                "A pod of an indexed Job fails, whose index there is since the number of completions was raised. Proved by its index."
                        + " Or it asks for its index, and its Jobs have none since.",
                TemplateRule.STARTING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        if (trouble.text().contains(VARIABLE)) {
            unindexed(world, trouble, links);
        }
        int index = pod.get("metadata", "annotations", INDEX).asInt(-1);
        for (Change change : index < 0
                ? List.<Change>of()
                : world.changes(Templates.maker(world, pod).key())) {
            boolean isInput = change.operation() == Change.Operation.CHANGED
                    && change.path().endsWith("spec.completions")
                    && change.at() <= pod.created() + SLACK;
            if (isInput
                    && change.old() != null
                    && index >= change.old().asInt()
                    && index < change.now().asInt()) {
                links.add(Link.to(change, Tier.A, 0.97, "there is a pod of index " + index + " since"));
            }
        }
        return links;
    }

    /** Jobs that have no indexes any more, where a container asks for its own. */
    private static void unindexed(World world, Trouble trouble, List<Link> links) {
        Version pod = trouble.about();
        for (Change change : world.changes(Templates.maker(world, pod).key())) {
            boolean isInput = change.path().endsWith("spec.completionMode") && change.at() <= pod.created() + SLACK;
            if (isInput && change.old() != null && change.old().asText().equals("Indexed")) {
                links.add(Link.to(change, Tier.A, 1, "its pods have no index since, and one asks for it"));
            }
        }
    }
}
