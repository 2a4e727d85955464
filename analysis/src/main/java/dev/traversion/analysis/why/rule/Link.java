/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.trouble.Trouble;
import java.util.List;

/**
 * A step back from a trouble to what caused it: a change, or another trouble.
 *
 * @param change null if the cause is a trouble
 * @param trouble null if the cause is a change
 * @param strength how closely what was observed names this cause, above 0 up to 1
 * @param with changes without which this one would have done nothing
 */
public record Link(
        Change change,
        Trouble trouble,
        Tier tier,
        double strength,
        String text,
        List<Evidence> evidence,
        List<Change> with) {

    public static Link to(Change change, Tier tier, double strength, String text) {
        return new Link(
                change,
                null,
                tier,
                strength,
                text,
                List.of(Evidence.version(change.after(), change.text())),
                List.of());
    }

    public static Link to(Trouble trouble, Tier tier, double strength, String text) {
        return new Link(null, trouble, tier, strength, text, trouble.evidence(), List.of());
    }

    Link as(Tier other, double strong) {
        return new Link(change, trouble, other, strong, text, evidence, with);
    }

    public Link with(List<Change> others) {
        return new Link(change, trouble, tier, strength, text, evidence, List.copyOf(others));
    }
}
