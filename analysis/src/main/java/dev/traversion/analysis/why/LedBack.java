/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.rule.Behind;
import dev.traversion.analysis.why.rule.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a change comes from that the cluster's own controllers made; of others themselves.
 *
 * @param tier how sure that is
 * @param with changes without which it would have done nothing
 * @param steps from there to the change, the last one included
 */
record LedBack(Change change, Tier tier, List<Change> with, List<Step> steps) {

    private static final int LONGEST = 8;

    /**
     * Goes back.
     *
     * @param rule by which the change is known to matter, as sure as {@code tier}
     * @param text what it did
     */
    static LedBack of(World world, Change of, String rule, Tier tier, String text, List<Evidence> evidence) {
        Change change = of;
        String name = rule;
        Tier sure = tier;
        Tier worst = tier;
        String how = text;
        List<Change> with = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        for (int depth = 0; depth < LONGEST; depth++) {
            steps.addFirst(new Step(name, sure, change.after(), change.at(), change.text() + ": " + how, evidence));
            Optional<Behind> behind = Behind.of(world, change);
            if (behind.isEmpty()) {
                break;
            }
            change = behind.get().change();
            sure = behind.get().tier();
            worst = worst.worse(sure);
            name = behind.get().rule();
            how = behind.get().text();
            with.addAll(behind.get().with());
        }
        return new LedBack(change, worst, List.copyOf(with), List.copyOf(steps));
    }
}
