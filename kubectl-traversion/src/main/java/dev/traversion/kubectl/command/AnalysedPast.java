/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.FirstMoment;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.diff.MomentDiff;
import dev.traversion.analysis.diff.ObjectDiff;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.kubectl.time.TimeExpression;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;

/** What diffs, timelines and the like are made of: a recording that is opened here, or the server of the past in the cluster. */
sealed interface AnalysedPast extends AutoCloseable permits AnalysedRecording, AnalysedCluster {

    /** The first instant recorded. */
    Instant start();

    /** The last instant recorded. */
    Instant end();

    /**
     * The instant a time means.
     *
     * @param namespace of the object it may name; {@code ""} for the default one
     */
    Instant resolve(TimeExpression time, ZoneId zone, String namespace);

    /**
     * What a TARGET means.
     *
     * @param target everything if {@code ""}
     * @throws dev.traversion.archive.TraversionException if there is no such resource, or no such object
     */
    Scope scope(String target, String namespace, Instant at) throws IOException;

    /**
     * Compares two moments.
     *
     * @param isWhole whether the bodies of the objects are wanted
     * @param notes told first of each moment, and whether all of it was observed
     */
    MomentDiff diff(
            Instant from,
            Instant to,
            Scope scope,
            boolean isWhole,
            Consumer<String> notes,
            Consumer<ObjectDiff> differences)
            throws IOException;

    /**
     * What happened.
     *
     * @param tree owners and children, too
     * @param limit only so many of the latest
     * @param notes told of whom it tells then
     */
    Timeline timeline(Instant from, Instant to, Scope scope, boolean tree, int limit, Consumer<String> notes)
            throws IOException;

    /**
     * The cause of what is wrong with an object, or, if the scope names none, what was wrong, as documents.
     *
     * @throws dev.traversion.archive.TraversionException if the scope's name is in several namespaces
     */
    JsonNode why(Instant from, Instant to, Scope scope) throws IOException;

    /** When a condition, as for kubectl wait, was first met; empty if it never was. */
    Optional<FirstMoment> first(Instant from, Instant to, Scope scope, String condition) throws IOException;

    /**
     * How completely the cluster is being recorded, as {@link dev.traversion.analysis.status.StatusDocument} has it.
     *
     * @param back how far to look back from the end
     */
    JsonNode status(Duration back) throws IOException;

    @Override
    void close();
}
