/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingPolicy;
import dev.traversion.masking.rules.RecordingRules;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Whose logs a Recording and the policies that are in force in it ask for together, as the agents read it. */
public final class LoggedNamespaces {

    private static final ObjectMapper JSON = new ObjectMapper();

    private LoggedNamespaces() {}

    /** Nothing unless the Recording has spec.logs: then those that it names, and those that their teams add. */
    static Set<String> of(Recording recording, Collection<RecordingPolicy> policies) {
        Set<String> namespaces = new TreeSet<>();
        if (recording.getSpec().logs() == null) {
            return namespaces;
        }
        namespaces.addAll(recording.getSpec().logs().namespaces());
        policies.stream()
                .filter(policy -> Boolean.TRUE.equals(policy.getSpec().logs()))
                .filter(policy ->
                        EffectiveRules.isInForce(policy, recording.getMetadata().getName()))
                .forEach(policy -> namespaces.add(policy.getMetadata().getNamespace()));
        return namespaces;
    }

    /**
     * {@code {"namespaces": ["shop"], "masking": {...}}}.
     *
     * @param rules what is secret, as recorders are told it
     */
    public static String toJson(Recording recording, Collection<RecordingPolicy> policies, RecordingRules rules) {
        ObjectNode logs = JSON.createObjectNode();
        of(recording, policies).forEach(logs.putArray("namespaces")::add);
        try {
            logs.set("masking", JSON.readTree(rules.toJson()));
            return JSON.writeValueAsString(logs);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("rules are JSON", e);
        }
    }
}
