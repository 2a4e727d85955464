/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

import dev.traversion.archive.ObjectVersion;
import java.util.function.Predicate;

/**
 * What is left out of what is written: whole versions, and values in the others.
 *
 * @param lifetimes whether a version is of no lifetime that is erased
 * @param values what is erased in bodies
 */
public record Omissions(Predicate<ObjectVersion> lifetimes, SubjectSearch values) {

    /** Whether the object may be written. It is so for all versions of an object, or for none. */
    public boolean allows(ObjectVersion version) {
        return lifetimes.test(version) && !values.isIn(version.key(), version.kind());
    }

    /** What may be written of a version: itself, one without some values, or null if nothing may. */
    public ObjectVersion of(ObjectVersion version) {
        return allows(version) ? values.without(version) : null;
    }
}
