/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;

/** The moments at which a CronJob ran. */
final class ScheduledRuns {

    private ScheduledRuns() {}

    /** Its schedule, observed when each of its Jobs was made, oldest first; none of what is no CronJob. */
    static List<Change> of(World world, Version maker, long until) {
        List<Change> found = new ArrayList<>();
        if (!maker.key().type().equals(Types.CRON_JOBS)) {
            return found;
        }
        for (ObjectKey job : world.owned(Types.JOBS, maker.key().namespace(), maker.uid())) {
            Version made = world.versions(job).getFirst();
            if (made.at() > world.from() && made.at() <= until) {
                found.add(Change.observed(maker, "spec.schedule", maker.get("spec", "schedule"), made.at()));
            }
        }
        return found;
    }
}
