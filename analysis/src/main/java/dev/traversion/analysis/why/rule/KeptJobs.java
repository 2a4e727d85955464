/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.List;

/** Jobs that are over, of which a CronJob keeps more than before: quotas count them like those at work. */
final class KeptJobs {

    /** How many Jobs that ended so a CronJob keeps. */
    record History(String field, String condition, int usual) {}

    static final List<History> HISTORIES = List.of(
            new History("spec.successfulJobsHistoryLimit", "Complete", 3),
            new History("spec.failedJobsHistoryLimit", "Failed", 1));

    private KeptJobs() {}

    /**
     * The change of a history with which a namespace keeps what something was refused for lack of.
     *
     * @param since only of what was changed after it
     * @param requested such as {@code count/jobs.batch=1}
     * @param used the same of all that there was
     * @param limited the same of the quota
     */
    static void ofHistories(
            World world, Trouble trouble, long since, String requested, String used, String limited, List<Link> links) {
        for (Change change :
                world.changes(Types.CRON_JOBS, trouble.about().key().namespace())) {
            for (History history : HISTORIES) {
                boolean isIt = change.path().equals(history.field())
                        && change.at() > since
                        && Rule.precedes(change.at(), trouble)
                        && limit(change.now(), history) > limit(change.old(), history)
                        && Fields.stands(world, change, trouble.from());
                if (isIt && fitsWithout(kept(world, trouble, change, history), requested, used, limited)) {
                    links.add(Link.to(change, Tier.A, 1, "Jobs that are over are kept since, and use up the quota"));
                }
            }
        }
    }

    private static int limit(JsonNode value, History history) {
        return value == null ? history.usual() : value.asInt(history.usual());
    }

    private record Kept(int jobs, int pods) {}

    /** What would be gone with the history of before; the oldest are removed first. */
    private static Kept kept(World world, Trouble trouble, Change change, History history) {
        long time = trouble.from();
        List<Version> over = world
                .owned(Types.JOBS, change.key().namespace(), change.after().uid())
                .stream()
                .flatMap(job -> world.at(job, time).stream())
                .filter(job -> Pods.condition(job, history.condition())
                        .path("status")
                        .asText()
                        .equals("True"))
                .sorted((one, other) -> Long.compare(one.created(), other.created()))
                .toList();
        List<Version> more = over.subList(0, Math.max(0, over.size() - limit(change.old(), history)));
        int pods = 0;
        for (Version job : more) {
            for (ObjectKey pod : world.owned(Types.PODS, change.key().namespace(), job.uid())) {
                pods += world.at(pod, time).isPresent() ? 1 : 0;
            }
        }
        return new Kept(more.size(), pods);
    }

    private static boolean fitsWithout(Kept kept, String requested, String used, String limited) {
        for (String each : requested.split(",")) {
            String resource = each.replaceFirst("=.*", "");
            int less =
                    switch (resource) {
                        case "count/jobs.batch" -> kept.jobs();
                        case "count/pods" -> kept.pods();
                        default -> 0;
                    };
            double sum = Quota.used(requested, resource) + Quota.used(used, resource) - less;
            if (less == 0 || sum > Quota.used(limited, resource)) {
                return false;
            }
        }
        return true;
    }
}
