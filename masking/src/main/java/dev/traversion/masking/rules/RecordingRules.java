/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking.rules;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a cluster is recorded, and what is secret there beside what always is.
 *
 * @param include resources, such as {@code configmaps}, {@code deployments.apps}, {@code *.example.com} or {@code *}
 * @param exclude those of them that are not recorded
 * @param inNamespaces see {@link NamespaceSelection}: none stands for all
 * @param exceptNamespaces those of them whose objects are not recorded
 * @param names see {@link SecretRules}, as for the next three
 * @param namespaces what is secret beside that in the objects of a namespace, by its name
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RecordingRules(
        List<String> include,
        List<String> exclude,
        List<String> inNamespaces,
        List<String> exceptNamespaces,
        List<String> names,
        List<FieldRule> fields,
        Set<Detector> detect,
        List<String> patterns,
        Map<String, SecretRules> namespaces) {

    /** Everything is recorded, and nothing is secret beside what always is. */
    public static final RecordingRules ALL =
            of(List.of("*"), List.of(), NamespaceSelection.ALL, SecretRules.NONE, Map.of());

    /** The reason of the gap of what is not recorded because of these rules. */
    public static final String LEFT_OUT = "it is not among what is to be recorded";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    public RecordingRules {
        include = include == null ? List.of("*") : List.copyOf(include);
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
        NamespaceSelection selected = new NamespaceSelection(inNamespaces, exceptNamespaces);
        inNamespaces = selected.include();
        exceptNamespaces = selected.exclude();
        SecretRules secret = new SecretRules(names, fields, detect, patterns);
        names = secret.names();
        fields = secret.fields();
        detect = secret.detect();
        patterns = secret.patterns();
        namespaces = namespaces == null ? Map.of() : namespaces;
    }

    /** @param everywhere what is secret in every namespace, and outside of them */
    public static RecordingRules of(
            List<String> include,
            List<String> exclude,
            NamespaceSelection selected,
            SecretRules everywhere,
            Map<String, SecretRules> namespaces) {
        return new RecordingRules(
                include,
                exclude,
                selected.include(),
                selected.exclude(),
                everywhere.names(),
                everywhere.fields(),
                everywhere.detect(),
                everywhere.patterns(),
                namespaces);
    }

    /** The namespaces whose objects are recorded. */
    @JsonIgnore
    public NamespaceSelection selected() {
        return new NamespaceSelection(inNamespaces, exceptNamespaces);
    }

    /** What is secret in every namespace, and outside of them. */
    @JsonIgnore
    public SecretRules everywhere() {
        return new SecretRules(names, fields, detect, patterns);
    }

    /** What is secret in any namespace, everywhere: for texts of which nobody knows the namespace. */
    public RecordingRules united() {
        SecretRules all = everywhere();
        for (SecretRules more : namespaces.values()) {
            all = all.and(more);
        }
        return of(include, exclude, selected(), all, Map.of());
    }

    /**
     * Reads a file as {@link #toJson} writes it.
     *
     * @throws TraversionException if it cannot be read, says something else, or has rules that cannot be followed: what it should mask is
     *     not known then
     */
    public static RecordingRules read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new TraversionException("Cannot read the rules in " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads what {@link #toJson} writes.
     *
     * @param source where it is from, for messages
     * @throws TraversionException as {@link #read}
     */
    public static RecordingRules parse(String json, String source) {
        RecordingRules rules;
        try {
            rules = JSON.readValue(json, RecordingRules.class);
        } catch (JsonProcessingException e) {
            throw new TraversionException(
                    "The rules in " + source + " are not understood: " + e.getOriginalMessage()
                            + ". Use a recorder of the version that wrote them.",
                    e);
        }
        List<String> faults = new ArrayList<>(rules.everywhere().faults());
        rules.namespaces.forEach((namespace, secret) ->
                secret.faults().forEach(fault -> faults.add("namespaces." + namespace + "." + fault)));
        if (!faults.isEmpty()) {
            throw new TraversionException(
                    "The rules in " + source + " cannot be followed: " + String.join("; ", faults));
        }
        return rules;
    }

    /** The same text for equal rules. */
    public String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("rules are texts", e);
        }
    }

    /** Whether objects of a type are recorded. */
    public boolean isRecorded(ResourceType type) {
        return include.stream().anyMatch(each -> ResourcePattern.matches(each, type))
                && exclude.stream().noneMatch(each -> ResourcePattern.matches(each, type));
    }
}
