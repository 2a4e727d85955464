/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import dev.traversion.archive.ResourceType;
import java.util.Collection;
import java.util.Set;

/**
 * Which types a recorder records, where several share them. A type is given to one of them at a time: it is given on only after the
 * one before has ended its observation, and all it recorded is in the store, or is known never to come. Safe for concurrent use.
 */
public interface Share {

    /**
     * Tells what there is to be shared.
     *
     * @param served all types that are served
     * @return those that are ours to record now. What was ours and is not any more must be ended at once
     */
    Set<ResourceType> ours(Set<ResourceType> served);

    /** Whether all that is to be ours is ours by now, after a look at who else is there. */
    boolean isSettled();

    /** Tells what is being observed. All that was seen of other types is with the sink, and they are marked as handed over. */
    void observing(Collection<ResourceType> types);
}
