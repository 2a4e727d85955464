/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.masking;

import dev.traversion.archive.ResourceType;
import dev.traversion.masking.rules.FieldRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The fields that are secret by their path. */
final class FieldPaths {

    static final FieldPaths NONE = new FieldPaths(List.of());

    private final List<FieldRule> rules;

    /** Names one of which every path has: where none is, no path leads. */
    private final Set<String> ends = new HashSet<>();

    FieldPaths(List<FieldRule> rules) {
        this.rules = rules;
        for (FieldRule rule : rules) {
            rule.segments().stream()
                    .filter(segment -> !segment.equals("*"))
                    .reduce((_, last) -> last)
                    .ifPresent(ends::add);
        }
    }

    FieldPaths and(List<FieldRule> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<FieldRule> all = new ArrayList<>(rules);
        all.addAll(more);
        return new FieldPaths(all);
    }

    /** Whether a path may lead to, or through, a field of this name. */
    boolean mayLeadTo(String name) {
        return ends.contains(name);
    }

    /** Where the paths of a type begin. */
    Place root(ResourceType type) {
        if (rules.isEmpty()) {
            return Place.NOWHERE;
        }
        List<List<String>> open = new ArrayList<>();
        for (FieldRule rule : rules) {
            if (rule.isFor(type)) {
                open.add(rule.segments());
            }
        }
        return open.isEmpty() ? Place.NOWHERE : new Place(open, 0, false);
    }

    /** A place in an object: which paths may still lead somewhere from here, and whether one ended here or above. */
    static final class Place {

        static final Place NOWHERE = new Place(List.of(), 0, false);

        private final List<List<String>> open;
        private final int depth;
        private final boolean isSecret;

        private Place(List<List<String>> open, int depth, boolean isSecret) {
            this.open = open;
            this.depth = depth;
            this.isSecret = isSecret;
        }

        /** The place of a field of what is here. */
        Place enter(String name) {
            if (open.isEmpty() && !isSecret) {
                return this;
            }
            if (FieldRule.isIdentity(name)) {
                return NOWHERE;
            }
            if (isSecret) {
                return this;
            }
            List<List<String>> left = new ArrayList<>();
            boolean isEnd = false;
            for (List<String> path : open) {
                String segment = path.get(depth);
                if (segment.equals("*") || segment.equals(name)) {
                    isEnd |= path.size() == depth + 1;
                    if (path.size() > depth + 1) {
                        left.add(path);
                    }
                }
            }
            if (left.isEmpty() && !isEnd) {
                return NOWHERE;
            }
            return new Place(left, depth + 1, isEnd);
        }

        boolean isSecret() {
            return isSecret;
        }
    }
}
