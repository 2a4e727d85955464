/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.World;
import java.util.List;
import java.util.Optional;

/** Finished Jobs that their CronJob does not keep any more. */
final class ForgottenJob {

    /** So long the controller may take, ns. */
    private static final long PATIENCE = 60_000_000_000L;

    private ForgottenJob() {}

    /** The change since which a CronJob keeps no finished Job, soon after which one went; empty if it kept some, or the Job was not done. */
    static Optional<Behind> behind(World world, Change gone) {
        if (!gone.key().type().equals(Types.JOBS)) {
            return Optional.empty();
        }
        Optional<String> field = KeptJobs.HISTORIES.stream()
                .filter(history -> Pods.condition(gone.after(), history.condition())
                        .path("status")
                        .asText()
                        .equals("True"))
                .map(KeptJobs.History::field)
                .findFirst();
        return world.controller(gone.after())
                .filter(owner -> owner.key().type().equals(Types.CRON_JOBS))
                .flatMap(cron -> world.changes(cron.key()).stream()
                        .filter(change -> Optional.of(change.path()).equals(field)
                                && change.now() != null
                                && change.now().asInt(1) == 0
                                && change.at() <= gone.at()
                                && gone.at() - change.at() < PATIENCE)
                        .reduce((_, last) -> last))
                .map(change -> new Behind(
                        "forgotten-job",
                        Tier.A,
                        change,
                        "no finished Job is kept since, and this one went",
                        List.of()));
    }
}
