/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.access;

/** Who asks, for one request. Used by one thread. */
public interface Visitor {

    /** A user name of Kubernetes; {@code ""} where there is only one user. */
    String name();

    /**
     * Asks for a read. Nothing may be read before, and nothing but what the result opens.
     *
     * @throws RuntimeException a StatusFailure, if it is refused, or cannot be put on record
     */
    Reach permit(Read read);

    /** Whether the verb would be allowed on the resource, as far as that is known without the moment. */
    boolean mayRead(Read.Objects read);

    /** Whether everything that was permitted still is. What lasts asks from time to time. */
    boolean isStillPermitted();
}
