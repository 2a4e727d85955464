/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What agents saw on the nodes. */
@FunctionalInterface
public interface Kernel {

    /** Nobody looked. */
    Kernel NONE = (_, _, _) -> Optional.empty();

    /**
     * Something that went wrong with a pod.
     *
     * @param at ns
     * @param address to which a connection failed; {@code ""} of all else
     * @param name that was looked up in vain; {@code ""} of all else
     * @param text a sentence for people
     */
    record Happening(long at, String address, String name, String text) {}

    /**
     * Kills, exits that were no success, connections that failed or broke, and lookups of names that came to nothing, by time.
     *
     * @param from ns, inclusive
     * @param to ns, exclusive
     * @return empty if no agent was on the pod's node
     */
    Optional<List<Happening>> of(Version pod, long from, long to) throws IOException;

    /**
     * What a container had used at a moment.
     *
     * @param at ns
     * @param container its id
     * @param memory bytes; -1 if unknown
     * @param periods of the limit of CPU since the container began
     * @param throttled of them, those in which it had to wait
     */
    record Sample(long at, String container, long memory, long periods, long throttled) {}

    /**
     * What the containers of a pod used, by time.
     *
     * @param from ns, inclusive
     * @param to ns, exclusive
     * @return empty if no agent was on the pod's node
     */
    default Optional<List<Sample>> usage(Version pod, long from, long to) throws IOException {
        return Optional.empty();
    }

    /** Whether any container's log was recorded. */
    default boolean hasLogs() throws IOException {
        return false;
    }

    /**
     * The last lines that a container logged, oldest first.
     *
     * @param restart which of its runs, from 0
     * @param until ns
     */
    default List<String> lastLines(Version pod, String container, long restart, long until) throws IOException {
        return List.of();
    }
}
