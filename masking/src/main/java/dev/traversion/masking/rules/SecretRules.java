/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking.rules;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is secret beside what always is.
 *
 * @param names words: what is in fields and environment variables whose names contain one, in any case, is secret
 * @param fields fields whose values are secret
 * @param detect what is recognised in any text
 * @param patterns expressions of RE2: what one matches in any text is secret
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record SecretRules(List<String> names, List<FieldRule> fields, Set<Detector> detect, List<String> patterns) {

    public static final SecretRules NONE = new SecretRules(List.of(), List.of(), Set.of(), List.of());

    private static final int LONGEST_PATTERN = 200;
    private static final int MOST_PATTERNS = 50;

    @JsonCreator
    public SecretRules(
            @JsonProperty("names") List<String> names,
            @JsonProperty("fields") List<FieldRule> fields,
            @JsonProperty("detect") Set<Detector> detect,
            @JsonProperty("patterns") List<String> patterns) {
        this.names = names == null ? List.of() : List.copyOf(names);
        this.fields = fields == null ? List.of() : List.copyOf(fields);
        this.detect = detect == null ? Set.of() : Collections.unmodifiableSortedSet(new TreeSet<>(detect));
        this.patterns = patterns == null ? List.of() : List.copyOf(patterns);
    }

    /** Words only: how rules of namespaces used to be written. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static SecretRules ofNames(List<String> names) {
        return new SecretRules(names, List.of(), Set.of(), List.of());
    }

    /** Both: rules only add up. Sorted, so that the same rules give the same text in whatever order they came. */
    public SecretRules and(SecretRules more) {
        Set<String> allNames = new TreeSet<>(names);
        allNames.addAll(more.names);
        List<FieldRule> allFields = new ArrayList<>(fields);
        more.fields.stream().filter(each -> !fields.contains(each)).forEach(allFields::add);
        allFields.sort((a, b) -> a.toString().compareTo(b.toString()));
        Set<Detector> allDetectors = new TreeSet<>(detect);
        allDetectors.addAll(more.detect);
        Set<String> allPatterns = new TreeSet<>(patterns);
        allPatterns.addAll(more.patterns);
        return new SecretRules(List.copyOf(allNames), allFields, allDetectors, List.copyOf(allPatterns));
    }

    /** What cannot be followed, a sentence each that begins with the rule; empty if all can. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (FieldRule field : fields) {
            try {
                field.segments();
            } catch (IllegalArgumentException e) {
                faults.add("fields: " + field.path() + " " + e.getMessage());
            }
        }
        if (patterns.size() > MOST_PATTERNS) {
            faults.add("patterns: there are " + patterns.size() + ", and may be " + MOST_PATTERNS);
        }
        for (String pattern : patterns) {
            String fault = fault(pattern);
            if (!fault.isEmpty()) {
                faults.add("patterns: " + pattern + " " + fault);
            }
        }
        return faults;
    }

    /** The rules that can be followed. */
    public SecretRules sound() {
        return new SecretRules(
                names,
                fields.stream()
                        .filter(each -> new SecretRules(List.of(), List.of(each), Set.of(), List.of())
                                .faults()
                                .isEmpty())
                        .toList(),
                detect,
                patterns.stream()
                        .filter(each -> fault(each).isEmpty())
                        .limit(MOST_PATTERNS)
                        .toList());
    }

    private static String fault(String pattern) {
        if (pattern.length() > LONGEST_PATTERN) {
            return "is longer than " + LONGEST_PATTERN + " characters";
        }
        try {
            return Pattern.compile(pattern).matcher("").find()
                    ? "matches the empty text, which is everywhere: let it match one character at least"
                    : "";
        } catch (PatternSyntaxException e) {
            return "is no RE2 expression: " + e.getMessage() + ". RE2 has no lookaround and no backreferences.";
        }
    }
}
