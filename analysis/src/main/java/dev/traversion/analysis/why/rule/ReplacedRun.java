/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.JobTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Runs of a CronJob that end when the next one begins. */
final class ReplacedRun extends PlainRule {

    private static final String REPLACE = "Replace";

    ReplacedRun() {
        super(
                "replaced-run",
                "The runs of a CronJob take the place of those that have not ended, since its concurrencyPolicy was changed, or come more"
                        + " often, since its schedule was. Proved by its concurrencyPolicy, if a run before took longer than the one that"
                        + " was ended, and came to its end.",
                Set.of(What.JOB_UNFINISHED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version cron = world.root(trouble.about());
        boolean isReplacing = cron.key().type().equals(Types.CRON_JOBS)
                && cron.get("spec", "concurrencyPolicy").asText().equals(REPLACE);
        for (Change change : isReplacing ? world.changes(cron.key()) : List.<Change>of()) {
            boolean isPolicy = change.path().equals("spec.concurrencyPolicy")
                    && change.now() != null
                    && change.now().asText().equals(REPLACE);
            boolean isSchedule = change.path().equals("spec.schedule");
            if ((isPolicy || isSchedule) && Rule.precedes(change.at(), trouble)) {
                boolean isProved = isPolicy && tookLonger(world, cron, change.at(), trouble);
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        isProved ? 1 : isPolicy ? 0.9 : 0.7,
                        isPolicy
                                ? "a run that has not ended is ended by the next one since"
                                : "its runs come at other times since"));
            }
        }
        return links;
    }

    /** Whether a run that had begun before a moment came to its end, and took longer than the pod of a trouble was left to run. */
    private static boolean tookLonger(World world, Version cron, long moment, Trouble trouble) {
        long ran = trouble.from() - trouble.about().created();
        return world.owned(Types.JOBS, cron.key().namespace(), cron.uid()).stream()
                .flatMap(key -> world.versions(key).stream())
                .anyMatch(job -> job.created() < moment && JobTroubles.took(job) > ran);
    }
}
