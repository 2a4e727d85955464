/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.io.IOException;
import java.util.Set;

/** Whether it is this recorder that commits what was recorded. */
interface CommitRight {

    /** Whether others record beside it, of whom any may be the one that commits. */
    boolean isShared();

    /**
     * Whether it commits; looked up from time to time only.
     *
     * @throws CannotContinueException if it may not go on at all
     */
    boolean isCommitter() throws IOException;

    /** What was last found of {@link #isCommitter()}. */
    boolean commits();

    /**
     * To be asked last thing before a commit.
     *
     * @throws CannotContinueException if it may not go on at all
     */
    boolean stillCommits() throws IOException;

    /**
     * To be asked before what was recorded is brought to the store.
     *
     * @throws CannotContinueException if it may not go on at all
     */
    void check() throws IOException;

    /** The number of the claim to commit. */
    long epoch();

    /** The types of which another recorder waits for what this one has recorded. */
    Set<ResourceType> awaited();

    /** That it has brought to the store what it recorded of these. */
    void published(Set<ResourceType> types);
}
