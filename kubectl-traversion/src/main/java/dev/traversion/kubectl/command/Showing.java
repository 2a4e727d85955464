/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.analysis.Scope;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.analysis.timeline.TimelineEntry;
import dev.traversion.archive.Times;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.kubeconfig.MomentContext;
import dev.traversion.kubectl.play.Film;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * A film that a server shows.
 *
 * @param server where it runs
 * @param context with which clients watch it
 * @param happenings what is told of it
 */
record Showing(Film.Server server, MomentContext context, Screening.Happenings happenings) {

    private static final int MOST_AT_ONCE = 10_000;

    /** The server of the past gives no more. */
    private static final int MOST_ASKED = 100_000;

    /**
     * By the server on this machine.
     *
     * @param moment its beginning
     * @param film speed and name
     * @param namespace that was asked for; {@code ""} for the user's own
     */
    static Showing here(
            OpenRecording opened, Scope scope, MomentAnswer moment, Instant to, String film, String namespace) {
        String url = moment.url().replaceFirst("/at/[^/]+$", "/play/" + moment.instant() + "/" + to + "/" + film);
        MomentContext context = new MomentContext(
                name(Moments.name(moment), to),
                url,
                moment.certificate(),
                MomentContext.Login.byToken(moment.token()),
                namespace.isEmpty() ? moment.namespace() : namespace);
        return new Showing(
                Film.Server.local(url, moment.token()),
                context,
                (after, until) ->
                        Timeline.of(opened.history(), scope, Times.nanos(after), Times.nanos(until), MOST_AT_ONCE));
    }

    /** By the server in the cluster. What is told is asked for at once: each question is one on record. */
    static Showing inCluster(ClusterPast past, Scope scope, Instant from, Instant to, String film, String namespace)
            throws IOException {
        Timeline all = past.timeline(from, to, scope, false, MOST_ASKED);
        return new Showing(
                past.film(from, to, film),
                past.film(from, to, film, name(past.name(from), to), namespace),
                (after, until) -> part(all, after, until, after.equals(from)));
    }

    private static Timeline part(Timeline all, Instant after, Instant until, boolean isFirst) {
        List<TimelineEntry> entries = all.entries().stream()
                .filter(entry -> entry.at() > Times.nanos(after) && entry.at() <= Times.nanos(until))
                .toList();
        return new Timeline(entries, isFirst ? all.omitted() : 0);
    }

    private static String name(String from, Instant to) {
        return from + ".." + MomentText.brief(to, Instant.now());
    }
}
