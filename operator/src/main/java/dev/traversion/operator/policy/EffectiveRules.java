/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.policy;

import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingPolicy;
import dev.traversion.crds.ResourceSelection;
import dev.traversion.snapshotter.rules.RecordingRules;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rules that a Recording and the policies that are in force in it make together. Policies add, and take nothing away. */
public final class EffectiveRules {

    private EffectiveRules() {}

    /** Equal for equal specs, in whatever order the policies come. */
    public static RecordingRules of(Recording recording, Collection<RecordingPolicy> policies) {
        ResourceSelection resources = recording.getSpec().resources();
        String name = recording.getMetadata().getName();
        Map<String, Set<String>> namespaces = new TreeMap<>();
        for (RecordingPolicy policy : policies) {
            if (isInForce(policy, name)) {
                namespaces
                        .computeIfAbsent(policy.getMetadata().getNamespace(), each -> new TreeSet<>())
                        .addAll(policy.getSpec().masking().names());
            }
        }
        Map<String, List<String>> sorted = new TreeMap<>();
        namespaces.forEach((namespace, words) -> sorted.put(namespace, List.copyOf(words)));
        return new RecordingRules(
                resources.include(),
                resources.exclude() == null ? List.of() : resources.exclude(),
                harmless(recording.getSpec().masking().names()),
                sorted);
    }

    /** Whether a policy is in force in a Recording. */
    public static boolean isInForce(RecordingPolicy policy, String recording) {
        return policy.getMetadata().getDeletionTimestamp() == null
                && PolicyVerdict.of(policy, Set.of(recording)).recordings().contains(recording);
    }

    private static List<String> harmless(List<String> words) {
        if (words == null) {
            return List.of();
        }
        Set<String> harmless = new TreeSet<>(words);
        PolicyVerdict.conflicts(words).forEach(harmless::remove);
        return List.copyOf(harmless);
    }
}
