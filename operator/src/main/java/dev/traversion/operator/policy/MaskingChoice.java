/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.policy;

import dev.traversion.crds.Detection;
import dev.traversion.crds.MaskedField;
import dev.traversion.crds.MaskingSpec;
import dev.traversion.crds.PolicyMasking;
import dev.traversion.masking.rules.Detector;
import dev.traversion.masking.rules.FieldRule;
import dev.traversion.masking.rules.SecretRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What specs ask to be masked, as rules, and what of it cannot be done. */
public final class MaskingChoice {

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

    private MaskingChoice() {}

    static SecretRules of(MaskingSpec spec) {
        return rules(spec.names(), spec.fields(), spec.detect(), spec.patterns());
    }

    static SecretRules of(PolicyMasking policy) {
        return rules(policy.names(), policy.fields(), policy.detect(), policy.patterns());
    }

    private static SecretRules rules(
            List<String> names, List<MaskedField> fields, List<Detection> detect, List<String> patterns) {
        List<FieldRule> paths = fields == null
                ? List.of()
                : fields.stream()
                        .map(field -> new FieldRule(field.resource(), field.path()))
                        .toList();
        Set<Detector> detectors = detect == null
                ? Set.of()
                : detect.stream().map(MaskingChoice::detector).collect(Collectors.toSet());
        return new SecretRules(names, paths, detectors, patterns);
    }

    private static Detector detector(Detection detection) {
        return switch (detection) {
            case privateKeys -> Detector.PRIVATE_KEYS;
            case tokens -> Detector.TOKENS;
            case emails -> Detector.EMAILS;
            case cardNumbers -> Detector.CARD_NUMBERS;
        };
    }

    /** What of a Recording's masking cannot be done, a sentence each. */
    public static List<String> faults(MaskingSpec spec) {
        return faults(of(spec));
    }

    static List<String> faults(SecretRules rules) {
        List<String> faults = new ArrayList<>();
        List<String> words =
                rules.names().stream().filter(MaskingChoice::isStructure).toList();
        if (!words.isEmpty()) {
            faults.add("masking.names: " + String.join(", ", words)
                    + " would mask what identifies objects or gives them their shape. Use longer words.");
        }
        rules.faults().forEach(fault -> faults.add("masking." + fault + "."));
        return faults;
    }

    /** The rules that can be followed. */
    static SecretRules harmless(SecretRules rules) {
        List<String> names =
                rules.names().stream().filter(word -> !isStructure(word)).toList();
        return new SecretRules(names, rules.fields(), rules.detect(), rules.patterns()).sound();
    }

    private static boolean isStructure(String word) {
        return STRUCTURE.stream()
                .anyMatch(field -> field.toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT)));
    }
}
