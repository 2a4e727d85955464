/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import java.util.Optional;

/** Decides what whoever asks may read. */
@FunctionalInterface
public interface Gate {

    /**
     * The past of a type, as far as it may be read.
     *
     * @param type may be a subresource, such as {@link Types#LOGS}
     * @param namespace {@code ""} for objects in no namespace, or in all
     * @return empty if it is hidden
     */
    Optional<History> open(ResourceType type, String namespace);
}
