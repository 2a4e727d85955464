/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import java.util.Optional;

/**
 * What was said of one run, beside the truth.
 *
 * @param object the rank of the first cause with the right object, from 1; 0 if there is none
 * @param field the same with the right field of the object
 * @param actor the same with the right actor; -1 if nobody can know it
 * @param proofs how many causes are said to be proved (tier A)
 * @param wrongProofs how many of these are not the truth
 * @param tier of the first cause with the right object; {@code ""} if there is none
 * @param lastChange the rank of the right object among the latest changes
 * @param mostEvents the rank of the right object among those with the most Warnings
 */
record Verdict(
        String run,
        Optional<Cause> truth,
        Answer answer,
        int object,
        int field,
        int actor,
        int proofs,
        int wrongProofs,
        String tier,
        int lastChange,
        int mostEvents) {

    static Verdict of(String run, Truth truth, Answer answer) {
        int proofs = (int)
                answer.ranked().stream().filter(each -> each.tier().equals("A")).count();
        if (truth.cause().isEmpty()) {
            return new Verdict(run, truth.cause(), answer, 0, 0, -1, proofs, proofs, "", 0, 0);
        }
        Cause cause = truth.cause().get();
        int object = answer.rankOf(cause::sameObject);
        int right = (int) answer.ranked().stream()
                .filter(each -> each.tier().equals("A") && each.cause().sameField(cause))
                .count();
        return new Verdict(
                run,
                truth.cause(),
                answer,
                object,
                answer.rankOf(cause::sameField),
                cause.manager().isEmpty() ? -1 : answer.rankOf(cause::sameActor),
                proofs,
                proofs - right,
                object == 0 ? "" : answer.ranked().get(object - 1).tier(),
                truth.baselines().lastChange(),
                truth.baselines().mostEvents());
    }

    boolean isFault() {
        return truth.isPresent();
    }

    /** A cause where there is no fault. */
    boolean isFalseAlarm() {
        return !isFault() && answer.outcome().equals("cause");
    }

    boolean isUnknown() {
        return isFault() && !answer.outcome().equals("cause");
    }

    /** One word for people. */
    String word() {
        if (!isFault()) {
            return isFalseAlarm() ? "false alarm" : "quiet";
        }
        if (isUnknown()) {
            return answer.outcome();
        }
        return field == 1 ? "right" : object == 1 ? "right object" : "wrong";
    }
}
