/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.policy;

import dev.traversion.archive.NamespaceSelection;
import dev.traversion.crds.NamespacesSpec;
import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingPolicy;
import dev.traversion.crds.ResourceSelection;
import dev.traversion.masking.rules.RecordingRules;
import dev.traversion.masking.rules.SecretRules;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The rules that a Recording and the policies that are in force in it make together. Policies add, and take nothing away. */
public final class EffectiveRules {

    private EffectiveRules() {}

    /** Equal for equal specs, in whatever order the policies come. */
    public static RecordingRules of(Recording recording, Collection<RecordingPolicy> policies) {
        ResourceSelection resources = recording.getSpec().resources();
        String name = recording.getMetadata().getName();
        Map<String, SecretRules> namespaces = new TreeMap<>();
        for (RecordingPolicy policy : policies) {
            if (policy.getSpec().masking() != null && isInForce(policy, name)) {
                namespaces.merge(
                        policy.getMetadata().getNamespace(),
                        SecretRules.NONE.and(MaskingChoice.of(policy.getSpec().masking())),
                        SecretRules::and);
            }
        }
        return RecordingRules.of(
                resources.include(),
                resources.exclude() == null ? List.of() : resources.exclude(),
                selected(recording.getSpec().namespaces()),
                SecretRules.NONE.and(MaskingChoice.harmless(
                        MaskingChoice.of(recording.getSpec().masking()))),
                namespaces);
    }

    private static NamespaceSelection selected(NamespacesSpec namespaces) {
        return namespaces == null
                ? NamespaceSelection.ALL
                : new NamespaceSelection(namespaces.include(), namespaces.exclude());
    }

    /** Whether a policy is in force in a Recording. */
    public static boolean isInForce(RecordingPolicy policy, String recording) {
        return policy.getMetadata().getDeletionTimestamp() == null
                && PolicyVerdict.of(policy, Set.of(recording)).recordings().contains(recording);
    }
}
