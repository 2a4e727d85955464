/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.access;

import dev.traversion.archive.History;

/** How much of the past a permission opens. */
@FunctionalInterface
public interface Reach {

    Reach EVERYTHING = history -> history;

    /** The history as if nothing else had been recorded. */
    History of(History history);

    /** What both open. */
    default Reach and(Reach other) {
        return history -> other.of(of(history));
    }
}
