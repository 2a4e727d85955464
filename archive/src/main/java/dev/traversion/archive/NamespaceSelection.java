/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The namespaces whose objects are recorded. What is in no namespace always is. A recorder says so as what limits its observation
 * ({@link CoverageInterval#reason}), from which readers tell what they cannot know.
 *
 * @param include names or, with {@code *}, patterns of names; none stands for all
 * @param exclude the same for those of them that are not recorded
 */
public record NamespaceSelection(List<String> include, List<String> exclude) {

    /** All namespaces. */
    public static final NamespaceSelection ALL = new NamespaceSelection(List.of(), List.of());

    private static final Pattern TOLD =
            Pattern.compile("(?:; )?namespaces recorded: ([a-z0-9*, -]+)(?:; left out: ([a-z0-9*, -]+))?");

    public NamespaceSelection {
        include = include == null ? List.of() : List.copyOf(include);
        exclude = exclude == null ? List.of() : List.copyOf(exclude);
    }

    /** Whether the objects of a namespace are recorded; {@code ""} for what is in none. */
    public boolean isRecorded(String namespace) {
        return namespace.isEmpty()
                || ((include.isEmpty() || include.stream().anyMatch(each -> matches(each, namespace)))
                        && exclude.stream().noneMatch(each -> matches(each, namespace)));
    }

    private static boolean matches(String pattern, String namespace) {
        String[] literals = pattern.split("\\*", -1);
        int at = literals[0].length();
        if (literals.length == 1 || !namespace.startsWith(literals[0])) {
            return pattern.equals(namespace);
        }
        for (int i = 1; i < literals.length - 1; i++) {
            int found = namespace.indexOf(literals[i], at);
            if (found < 0) {
                return false;
            }
            at = found + literals[i].length();
        }
        String last = literals[literals.length - 1];
        return namespace.length() - last.length() >= at && namespace.endsWith(last);
    }

    /** What limits the observation, in words; {@code ""} if nothing does. */
    public String limit() {
        if (equals(ALL)) {
            return "";
        }
        return "namespaces recorded: " + (include.isEmpty() ? "*" : String.join(", ", include))
                + (exclude.isEmpty() ? "" : "; left out: " + String.join(", ", exclude));
    }

    /** The selection that {@linkplain #limit was told} in a reason, alone or behind another; empty if none was. */
    public static Optional<NamespaceSelection> of(String reason) {
        Matcher told = TOLD.matcher(reason);
        return told.find()
                ? Optional.of(new NamespaceSelection(
                        told.group(1).equals("*") ? List.of() : names(told.group(1)),
                        told.group(2) == null ? List.of() : names(told.group(2))))
                : Optional.empty();
    }

    /** A reason without the selection that was told in it. */
    public static String withoutSelection(String reason) {
        return TOLD.matcher(reason).replaceFirst("");
    }

    private static List<String> names(String told) {
        return Stream.of(told.split(", ")).toList();
    }
}
