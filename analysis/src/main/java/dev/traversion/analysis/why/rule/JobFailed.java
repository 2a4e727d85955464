/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.JobTroubles;
import dev.traversion.analysis.why.trouble.PodTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A Job that was given up. */
final class JobFailed extends PlainRule {

    JobFailed() {
        super(
                "job-failed",
                "A Job was given up: its pods failed, or its limits of time or of retries were lowered. Proved by its pods, or if its"
                        + " deadline was lowered and is what it failed by, or if one before got over more failures than it may have since.",
                Set.of(What.JOB_FAILED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version job = trouble.about();
        for (ObjectKey pod : world.owned(Types.PODS, job.key().namespace(), job.uid())) {
            for (Trouble of : PodTroubles.of(world, pod)) {
                if (of.what() != What.READINESS_FAILED && of.from() <= trouble.from() + SLACK) {
                    links.add(Link.to(of, Tier.A, 0.9, "the Job counts its failed pods"));
                }
            }
        }
        boolean isLate = trouble.text().startsWith("DeadlineExceeded");
        if (isLate && links.isEmpty()) {
            JobTroubles.unended(world, job, trouble.from())
                    .forEach(of -> links.add(Link.to(of, Tier.A, 0.9, "its pod had not ended by the deadline")));
        }
        Version maker = world.root(job);
        int got = gotOver(world, maker);
        for (Change change : world.changes(maker.key())) {
            boolean isTime = change.path().endsWith("spec.activeDeadlineSeconds");
            boolean isRetries =
                    change.path().endsWith("spec.backoffLimit") || change.path().contains("spec.podFailurePolicy");
            boolean isBefore = Rule.precedes(change.at(), trouble)
                    && (maker.key().equals(job.key()) || change.at() <= job.created() + SLACK);
            if (isBefore && isLess(change.old(), change.now()) && ((isTime && isLate) || isRetries)) {
                boolean isTimeUp =
                        isTime && job.get("spec", "activeDeadlineSeconds").equals(change.now());
                boolean isProved = isTimeUp || (isRetries && got > 0 && isGivenUpBy(trouble, change, got));
                links.add(Link.to(
                        change,
                        isProved ? Tier.A : Tier.B,
                        isProved ? 1 : isTime == isLate ? 0.6 : 0.3,
                        isTime ? "its Jobs have less time since" : "its Jobs are given up sooner since"));
            }
        }
        return links;
    }

    /** How many failed pods a Job of the same maker got over, at most. */
    private static int gotOver(World world, Version maker) {
        return WorkloadTroubles.family(world, maker).stream()
                .filter(key -> key.type().equals(Types.JOBS))
                .flatMap(key -> world.versions(key).stream())
                .filter(JobTroubles::isDone)
                .mapToInt(job -> job.get("status", "failed").asInt())
                .max()
                .orElse(0);
    }

    /** Whether a Job was given up by what was changed, with which another one would not have got over its failures. */
    private static boolean isGivenUpBy(Trouble trouble, Change change, int got) {
        return change.path().contains("spec.podFailurePolicy")
                ? trouble.text().startsWith("PodFailurePolicy")
                : trouble.text().startsWith("BackoffLimitExceeded")
                        && change.now().asInt() < got;
    }

    private static boolean isLess(JsonNode old, JsonNode now) {
        return now != null && (old == null || !now.isNumber() || now.asLong() < old.asLong());
    }
}
