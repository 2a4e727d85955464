/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.rules;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What of a cluster is recorded, and what is secret there beside what always is.
 *
 * @param include resources, such as {@code configmaps}, {@code deployments.apps}, {@code *.example.com} or {@code *}
 * @param exclude those of them that are not recorded
 * @param names words: texts in fields whose names contain one, in any case, are secret
 * @param namespaces more such words for the objects in a namespace, by its name
 */
public record RecordingRules(
        List<String> include, List<String> exclude, List<String> names, Map<String, List<String>> namespaces) {

    /** Everything is recorded, and nothing is secret beside what always is. */
    public static final RecordingRules ALL = new RecordingRules(List.of("*"), List.of(), List.of(), Map.of());

    /** The reason of the gap of what is not recorded because of these rules. */
    public static final String LEFT_OUT = "it is not among what is to be recorded";

    private static final ObjectMapper JSON = new ObjectMapper();

    public RecordingRules {
        include = include == null ? List.of("*") : List.copyOf(include);
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
        names = names == null ? List.of() : List.copyOf(names);
        namespaces = namespaces == null ? Map.of() : namespaces;
    }

    /**
     * Reads a file as {@link #toJson} writes it.
     *
     * @throws TraversionException if it cannot be read, or says something else: what it should mask is not known then
     */
    public static RecordingRules read(Path file) {
        try {
            return JSON.readValue(Files.readString(file), RecordingRules.class);
        } catch (JsonProcessingException e) {
            throw new TraversionException(
                    "The rules in " + file + " are not understood: " + e.getOriginalMessage()
                            + ". Use a recorder of the version that wrote them.",
                    e);
        } catch (IOException e) {
            throw new TraversionException("Cannot read the rules in " + file + ": " + e.getMessage(), e);
        }
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
        return include.stream().anyMatch(each -> matches(each, type))
                && exclude.stream().noneMatch(each -> matches(each, type));
    }

    private static boolean matches(String pattern, ResourceType type) {
        if (pattern.equals("*")) {
            return true;
        }
        int dot = pattern.indexOf('.');
        String resource = dot < 0 ? pattern : pattern.substring(0, dot);
        String group = dot < 0 ? "" : pattern.substring(dot + 1);
        return group.equals(type.group()) && (resource.equals("*") || resource.equals(type.resource()));
    }
}
