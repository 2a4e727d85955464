/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.policy;

import dev.traversion.crds.RecordingPolicy;
import java.util.List;
import java.util.Locale;
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

    /** Fields that identify objects, or give them their shape: nothing could be read without them. */
    private static final Set<String> STRUCTURE = Set.of(
            "apiVersion",
            "kind",
            "metadata",
            "name",
            "namespace",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "ownerReferences",
            "labels",
            "annotations",
            "spec",
            "status",
            "type",
            "data");

    /** Judges a policy by the Recordings that there are. */
    public static PolicyVerdict of(RecordingPolicy policy, Set<String> existing) {
        List<String> conflicts = conflicts(policy.getSpec().masking().names());
        if (!conflicts.isEmpty()) {
            return new PolicyVerdict(false, List.of(), "Conflict", sentence("masking.names", conflicts));
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

    /** The words that would mask what objects are made of. */
    public static List<String> conflicts(List<String> words) {
        return words == null
                ? List.of()
                : words.stream().filter(PolicyVerdict::isStructure).toList();
    }

    private static boolean isStructure(String word) {
        return STRUCTURE.stream()
                .anyMatch(field -> field.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT)));
    }

    /** What is said of words that conflict. */
    public static String sentence(String field, List<String> conflicts) {
        return field + ": " + String.join(", ", conflicts)
                + " would mask what identifies objects or gives them their shape. Use longer words.";
    }
}
