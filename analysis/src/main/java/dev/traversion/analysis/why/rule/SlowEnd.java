/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Pods that take long to end. */
final class SlowEnd extends PlainRule {

    private static final String GRACE = "terminationGracePeriodSeconds";

    /** When a pod's time is over, the kubelet ends it, hook or not, within so many seconds. */
    private static final long LATE = 10;

    SlowEnd() {
        super(
                "slow-end",
                "A pod that is to go takes long, since it was made with another hook or more time to end. Proved if the hook sleeps for"
                        + " longer than the pod has been ending, did not before, and the pod has time for it; a longer time then is part"
                        + " of the cause.",
                Set.of(What.TERMINATING));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version pod = trouble.about();
        if (!pod.key().type().equals(Types.PODS)
                || !pod.get("metadata", "finalizers").isEmpty()) {
            return links;
        }
        Version maker = Templates.maker(world, pod);
        List<Change> graces = new ArrayList<>();
        List<Change> hooks = new ArrayList<>();
        for (Change change : world.changes(maker.key())) {
            if (change.operation() == Change.Operation.CHANGED && change.at() <= pod.created() + SLACK) {
                if (change.path().endsWith(GRACE)) {
                    graces.add(change);
                } else if (change.path().contains(".lifecycle")) {
                    hooks.add(change);
                }
            }
        }
        for (Change hook : hooks) {
            long took = (world.to() - trouble.from()) / 1_000_000_000L;
            boolean sleeps = sleep(pod.get("spec")) > took
                    && sleep(template(hook.after())) > took
                    && sleep(template(hook.before())) <= took
                    && pod.get("metadata", "deletionGracePeriodSeconds").asLong() + LATE > took;
            links.add(Link.to(hook, sleeps ? Tier.A : Tier.B, 0.95, "a hook runs before the pod ends")
                    .with(graces));
        }
        for (Change grace : graces) {
            links.add(Link.to(grace, Tier.B, 0.8, "the pod has more time to end since"));
        }
        return links;
    }

    private static JsonNode template(Version maker) {
        return Pods.template(maker.body()).path("spec");
    }

    /** The longest that a hook of a pod sleeps before its end, s. */
    private static long sleep(JsonNode spec) {
        long longest = 0;
        for (JsonNode container : spec.path("containers")) {
            longest = Math.max(
                    longest,
                    container
                            .path("lifecycle")
                            .path("preStop")
                            .path("sleep")
                            .path("seconds")
                            .asLong());
        }
        return longest;
    }
}
