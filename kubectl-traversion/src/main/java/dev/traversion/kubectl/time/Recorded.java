/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.time;

import dev.traversion.archive.TraversionException;
import java.time.Instant;

/** What resolving a time needs to know of the recording. */
public interface Recorded {

    /** The first instant of which anything is known. */
    Instant start();

    /** The last instant of which anything is known. */
    Instant end();

    /** Why nothing is known of an earlier instant, as far as the recording tells; {@code ""} if it does not. */
    String reasonBefore(Instant instant);

    /** Whether it is still being recorded, so that {@link #end} is about now. */
    boolean live();

    /**
     * The last instant before a change of an object.
     *
     * @param type as kubectl takes it
     * @param nth 1 for the last change
     * @throws TraversionException if there is no such object, or it has fewer changes
     */
    Instant beforeChange(String type, String name, int nth);
}
