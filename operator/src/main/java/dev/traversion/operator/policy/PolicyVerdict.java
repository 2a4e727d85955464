/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.policy;

import dev.traversion.crds.PolicyMasking;
import dev.traversion.crds.RecordingPolicy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a policy is in force.
 *
 * @param accepted whether it is
 * @param recordings the names of the Recordings that it is in force in
 * @param reason one word in CamelCase
 * @param message what to do, if there is anything to do
 */
public record PolicyVerdict(boolean accepted, List<String> recordings, String reason, String message) {

    /** Judges a policy by the Recordings that there are. */
    public static PolicyVerdict of(RecordingPolicy policy, Set<String> existing) {
        PolicyMasking masking = policy.getSpec().masking();
        List<String> faults = masking == null ? List.of() : MaskingChoice.faults(MaskingChoice.of(masking));
        if (!faults.isEmpty()) {
            return new PolicyVerdict(false, List.of(), "Conflict", String.join(" ", faults));
        }
        String named = policy.getSpec().recording();
        if (named == null) {
            List<String> all = List.copyOf(new TreeSet<>(existing));
            return new PolicyVerdict(
                    true,
                    all,
                    "Accepted",
                    "In force in " + (all.isEmpty() ? "no Recording yet" : String.join(", ", all)));
        }
        if (!existing.contains(named)) {
            return new PolicyVerdict(
                    false,
                    List.of(),
                    "RecordingNotFound",
                    "There is no Recording " + named + ". "
                            + (existing.isEmpty()
                                    ? "There is none at all yet."
                                    : "Choose one of " + String.join(", ", new TreeSet<>(existing))
                                            + ", or leave it out."));
        }
        return new PolicyVerdict(true, List.of(named), "Accepted", "In force in " + named);
    }
}
