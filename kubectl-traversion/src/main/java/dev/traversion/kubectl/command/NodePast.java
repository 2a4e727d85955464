/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.analysis.node.NodeEvent;
import dev.traversion.analysis.node.NodeFlow;
import dev.traversion.analysis.node.NodeUsage;
import dev.traversion.kubectl.time.TimeExpression;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** What is known of the nodes: a recording that is opened here, or the server of the past in the cluster. */
interface NodePast extends AutoCloseable {

    /**
     * What is asked.
     *
     * @param from inclusive
     * @param to exclusive
     * @param namespace {@code ""} for any
     * @param target {@code ""} for everything
     * @param isTrouble only what people look for
     */
    record Asked(Instant from, Instant to, String namespace, String target, boolean isTrouble) {}

    /**
     * What is told.
     *
     * @param notes what is missing in it, and why
     */
    record Told<T>(List<T> rows, List<String> notes) {}

    /**
     * The instant a time means.
     *
     * @param namespace of the object it may name; {@code ""} for the default one
     */
    Instant resolve(TimeExpression time, ZoneId zone, String namespace);

    /**
     * What processes did.
     *
     * @param isAll also what was running when the agent began, and control groups
     * @throws dev.traversion.archive.TraversionException if nothing was recorded, or there is no such target
     */
    Told<NodeEvent> events(Asked asked, boolean isAll) throws IOException;

    /**
     * Connections.
     *
     * @throws dev.traversion.archive.TraversionException if nothing was recorded, or there is no such target
     */
    Told<NodeFlow> flows(Asked asked) throws IOException;

    /**
     * The last samples before a moment.
     *
     * @param isNow whether it is the newest there is, which may be minutes old
     * @throws dev.traversion.archive.TraversionException if nothing was recorded
     */
    Told<NodeUsage> usage(Instant moment, boolean isNow, NodeUsage.Kind kind, String namespace) throws IOException;

    @Override
    void close();
}
