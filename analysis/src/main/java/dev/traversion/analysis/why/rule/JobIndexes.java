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

    JobIndexes() {
        super(
                "job-indexes",
                "A pod of an indexed Job fails, whose index there is since the number of completions was raised. Proved by its index.",
                TemplateRule.STARTING);
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
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
}
