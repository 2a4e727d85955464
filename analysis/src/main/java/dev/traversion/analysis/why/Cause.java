/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.rule.Tier;
import java.util.List;

/**
 * A change, and how it led to what is wrong.
 *
 * @param tier that of the weakest step
 * @param strength how closely what was observed names it, above 0 up to 1
 * @param with changes without which it would have done nothing
 * @param explains the share of the symptoms that it leads to, above 0 up to 1
 * @param chain from the change to the symptom
 */
public record Cause(Tier tier, double strength, Change change, List<Change> with, double explains, List<Step> chain) {

    Cause explaining(double share) {
        return new Cause(tier, strength, change, with, share, chain);
    }
}
