/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.Optional;

/**
 * When something held for the first time.
 *
 * @param at ns
 * @param key the object of which it held
 */
public record FirstMoment(long at, ObjectKey key) {

    /** What is waited for. */
    @FunctionalInterface
    public interface Condition {
        /** @param version may be a deletion */
        boolean holds(ObjectVersion version) throws IOException;
    }

    /**
     * Looks for it among the objects there are at the beginning, and then among the changes.
     *
     * @param from ns
     * @param to ns, inclusive
     */
    public static Optional<FirstMoment> of(History history, Scope scope, long from, long to, Condition condition)
            throws IOException {
        FirstMoment[] first = new FirstMoment[1];
        for (ResourceType type : history.types(to)) {
            if (scope.contains(type)) {
                history.list(type, scope.namespace(), null, from, version -> {
                    if (scope.contains(version.key()) && condition.holds(version)) {
                        first[0] = new FirstMoment(from, version.key());
                    }
                    return first[0] == null;
                });
                long until = first[0] == null ? to : first[0].at() - 1;
                history.changes(type, scope.namespace(), from, until, version -> {
                    boolean holds = scope.contains(version.key()) && condition.holds(version);
                    if (holds) {
                        first[0] = new FirstMoment(version.observedAt(), version.key());
                    }
                    return !holds;
                });
            }
        }
        return Optional.ofNullable(first[0]);
    }
}
