/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.logs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.TraversionException;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.rules.RecordingRules;
import java.util.Collection;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whose logs are recorded, and what is secret in them.
 *
 * @param namespaces {@code *} for all
 * @param anywhere what is secret in any namespace, for texts of which it is not known
 */
public record LogRules(Set<String> namespaces, Masking masking, Masking anywhere) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMESPACE = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

    public LogRules {
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * Those of some namespaces, in which is secret what always is.
     *
     * @throws TraversionException if one is no name
     */
    public static LogRules of(Collection<String> namespaces, MaskingKey key) {
        return of(namespaces, RecordingRules.ALL, key);
    }

    /**
     * Reads {@code {"namespaces": ["shop"], "masking": {...}}}, where masking is as in the rules of a recorder.
     *
     * @param source where it is from, for messages
     * @throws TraversionException if it is something else
     */
    public static LogRules parse(String json, String source, MaskingKey key) {
        JsonNode rules;
        try {
            rules = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw misunderstood(source, e.getOriginalMessage());
        }
        if (!rules.path("namespaces").isArray()) {
            throw misunderstood(source, "it has no list \"namespaces\"");
        }
        for (Iterator<String> names = rules.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals("namespaces") && !name.equals("masking")) {
                throw misunderstood(source, "it has a field \"" + name + "\"");
            }
        }
        Set<String> namespaces = new TreeSet<>();
        rules.path("namespaces").forEach(each -> namespaces.add(each.asText()));
        JsonNode masking = rules.path("masking");
        RecordingRules secret = masking.isMissingNode() || masking.isNull()
                ? RecordingRules.ALL
                : RecordingRules.parse(masking.toString(), source);
        return of(namespaces, secret, key);
    }

    private static LogRules of(Collection<String> namespaces, RecordingRules secret, MaskingKey key) {
        return new LogRules(checked(namespaces), Masking.of(secret, key), Masking.of(secret.united(), key));
    }

    private static TraversionException misunderstood(String source, String why) {
        return new TraversionException("What logs to record is not understood from " + source + ": " + why
                + ". It must be like {\"namespaces\": [\"shop\"], \"masking\": {}}.");
    }

    private static Set<String> checked(Collection<String> namespaces) {
        for (String each : namespaces) {
            if (!each.equals("*") && !each.matches(NAMESPACE)) {
                throw new TraversionException(
                        "'" + each + "' is no name of a namespace whose logs could be recorded; * means all.");
            }
        }
        return Set.copyOf(namespaces);
    }

    boolean isWanted(String namespace) {
        return namespaces.contains("*") || namespaces.contains(namespace);
    }
}
