/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

/** What etcd promises of its watches, word by word, and what it means for a recording of one. */
enum Word {
    /** Versions of a type are recorded in the order of their revisions, at times that rise. */
    ORDERED,
    /** No version is recorded twice. */
    UNIQUE,
    /** No version is missing in what was observed; what is missing lies in a declared gap. */
    RELIABLE,
    /** A revision is recorded whole: the operation, the whole body, and every object that it changed. */
    ATOMIC,
    /** Where an observation goes on it goes on at the version where the one before ended; or a gap is declared between them. */
    RESUMABLE,
    /** Everything up to a version that was confirmed was recorded by then. */
    BOOKMARKABLE,
    /** Nothing is recorded that never was. (Not a word of etcd's, who has no need of it.) */
    TRUE
}
