/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking.rules;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A field whose values are secret, and all below it.
 *
 * @param resource such as {@code configmaps}, {@code deployments.apps} or {@code *.example.com}; null for every resource
 * @param path such as {@code spec.template.spec.containers[*].env[*].value}, {@code data.*} or {@code metadata.annotations['a.b/c']}: a
 *     {@code *} is any one field, and lists are gone through whether {@code [*]} says so or not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldRule(String resource, String path) {

    private static final Pattern SEGMENT =
            Pattern.compile("\\G(?:\\.?([A-Za-z0-9_$-]+|\\*)|\\['([^']+)'])((?:\\[\\*])*)");
    private static final int LONGEST = 400;

    /** Fields that say what an object is, or which others it belongs to: without them nothing could be found any more. */
    private static final Set<String> IDENTITY =
            Set.of("labels", "matchLabels", "matchExpressions", "selector", "nodeSelector", "ownerReferences");

    /** Whether it is about a type. */
    public boolean isFor(ResourceType type) {
        return resource == null || resource.isEmpty() || ResourcePattern.matches(resource, type);
    }

    /** Whether a field of this name is never masked by a path, wherever it is. */
    public static boolean isIdentity(String field) {
        return IDENTITY.contains(field);
    }

    /**
     * The fields, from the outermost one; {@code *} for any.
     *
     * @throws IllegalArgumentException with a sentence, if it is no path, or one of what must not be masked
     */
    @JsonIgnore
    public List<String> segments() {
        if (path == null || path.isEmpty() || path.length() > LONGEST || path.startsWith(".")) {
            throw new IllegalArgumentException(
                    "must be a path of up to " + LONGEST + " characters, such as spec.customer.name");
        }
        List<String> segments = new ArrayList<>();
        Matcher matcher = SEGMENT.matcher(path);
        int end = 0;
        while (matcher.find()) {
            segments.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
            end = matcher.end();
        }
        if (end < path.length()) {
            throw new IllegalArgumentException("is not understood from \"" + path.substring(end)
                    + "\" on: write names with dots in between, [*] for lists, ['a.b/c'] for names with dots in them");
        }
        requireHarmless(segments);
        return segments;
    }

    private static void requireHarmless(List<String> segments) {
        String first = segments.getFirst();
        boolean isWhole =
                segments.size() == 1 && Set.of("metadata", "spec", "status").contains(first);
        boolean isMetadata =
                first.equals("metadata") && !isWhole && !segments.get(1).equals("annotations");
        if (first.equals("apiVersion")
                || first.equals("kind")
                || first.equals("*")
                || isWhole
                || isMetadata
                || segments.stream().anyMatch(IDENTITY::contains)) {
            throw new IllegalArgumentException(
                    "would mask what identifies objects or gives them their shape: choose a field"
                            + " below spec, status, data or metadata.annotations, and no labels or selectors");
        }
    }
}
