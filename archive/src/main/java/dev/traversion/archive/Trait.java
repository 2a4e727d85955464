/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.io.IOException;

/**
 * A number worked out of the body of a version, which is asked of many versions. Readers of parts work it out for whole row groups at
 * a time (where few of their rows are asked for, for these) and remember it, since parts never change. Compared by identity: there is one
 * instance of each.
 */
@FunctionalInterface
public interface Trait {

    /**
     * The same for the same version, whenever and from whichever thread it is asked.
     *
     * @param version valid during the call
     */
    long of(ObjectVersion version) throws IOException;
}
