/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Times;
import java.util.List;
import java.util.Set;

/**
 * An answer.
 *
 * @param target as far as it is known
 * @param kind of the target; {@code ""} if it was never seen
 * @param apiVersion of the target, such as {@code apps/v1}
 * @param from ns
 * @param to ns
 * @param symptoms the worst first
 * @param causes of tiers A and B, the likeliest first
 * @param candidates of tier C
 * @param hidden what may not be read
 * @param atRest the change since which a healthy target is to have no pods; null if that is not so
 * @param took ns
 * @param read versions
 */
public record Verdict(
        ObjectKey target,
        String kind,
        String apiVersion,
        long from,
        long to,
        Outcome outcome,
        List<Trouble> symptoms,
        List<Cause> causes,
        List<Cause> candidates,
        List<RuledOut> ruledOut,
        List<Missing> missing,
        Set<String> hidden,
        Change atRest,
        long took,
        long read) {

    /** So much of a symptom stands in the sentence about it. */
    private static final int LONGEST = 200;

    /** What could be said. */
    public enum Outcome {
        CAUSE,
        UNKNOWN,
        HEALTHY,
        ABSENT
    }

    /** A change that was looked at, and why it is not the cause. */
    public record RuledOut(Change change, String why) {}

    /** Without what was logged, which stands beside the symptom. */
    private static String brief(String text) {
        String line = text.lines().findFirst().orElse("").replaceFirst(": it logged: .*$", "");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }

    /** One sentence. */
    public String summary() {
        String name = (kind.isEmpty() ? target.type().toString() : kind) + " " + target.path();
        return switch (outcome) {
            case ABSENT -> "There was no " + name + " in this stretch of the recording.";
            case HEALTHY -> "Nothing was wrong with " + name + " in this stretch." + rest();
            case UNKNOWN ->
                brief(symptoms.getFirst().text()) + ". What caused it is unknown: nothing recorded explains it"
                        + (candidates.isEmpty()
                                ? "."
                                : "; " + candidates.size()
                                        + (candidates.size() == 1 ? " change was" : " changes were")
                                        + " near in time.");
            case CAUSE -> {
                Cause first = causes.getFirst();
                yield first.change().text()
                        + (first.change().actor() == null
                                ? ""
                                : " (" + first.change().actor().manager() + ")")
                        + " led to: " + symptoms.getFirst().text();
            }
        };
    }

    private String rest() {
        return atRest == null
                ? ""
                : " It is to have no pods since " + Times.instant(atRest.at()) + ", when " + atRest.path()
                        + " was set to 0"
                        + (atRest.actor() == null ? "" : " by " + atRest.actor().manager())
                        + ", and nothing that was recorded needs them.";
    }
}
