/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import java.util.List;
import java.util.Optional;

/** Jobs that are over, and went as the time had passed for which they are kept. */
final class ExpiredJob {

    private static final String FIELD = "spec.ttlSecondsAfterFinished";
    private static final long SECOND = 1_000_000_000L;

    /** So long the controller may take, ns. */
    private static final long PATIENCE = 30_000_000_000L;

    private ExpiredJob() {}

    /** The change of that time without which a Job would have been kept for longer; empty if it went sooner, or much later. */
    static Optional<Behind> behind(World world, Change gone) {
        if (!gone.key().type().equals(Types.JOBS)) {
            return Optional.empty();
        }
        long ended = ended(gone.after());
        Change told = null;
        for (Change change : world.changes(gone.key())) {
            boolean isOfIt = change.after().uid().equals(gone.after().uid()) && change.at() <= gone.at();
            told = isOfIt && change.path().equals(FIELD) ? change : told;
        }
        if (told == null || told.now() == null || ended < 0) {
            return Optional.empty();
        }
        long due = Math.max(ended + told.now().asLong() * SECOND, told.at());
        long went = Leaving.begun(world, gone);
        boolean isDue = went >= due - Rule.SLACK && went - due < PATIENCE;
        boolean isSooner = told.old() == null || ended + told.old().asLong() * SECOND > went + Rule.SLACK;
        return isDue && isSooner
                ? Optional.of(
                        new Behind("expired-job", Tier.A, told, "the Job was over for that long, and went", List.of()))
                : Optional.empty();
    }

    /** When a Job came to its end; -1 if it has not. */
    private static long ended(Version job) {
        for (String type : List.of("Complete", "Failed")) {
            JsonNode condition = Pods.condition(job, type);
            if (condition.path("status").asText().equals("True")) {
                return Version.time(condition.path("lastTransitionTime").asText(""), job.at());
            }
        }
        return -1;
    }
}
