/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.play;

import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.cluster.View;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.moment.MomentApi;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves {@code play/<from>/<to>/<speed>/}: a Kubernetes API server for which time goes on again, from one moment to another. Until
 * somebody watches, it is the first moment. All who ask for the same see the same film; {@code <speed>;<name>} is one of its own.
 * {@code film} below it tells and changes how the film runs.
 */
public final class Films {

    private static final double SLOWEST = 0.01;
    private static final double FASTEST = 10_000;

    /**
     * @param name tells films apart that are else the same; {@code ""} if it has none
     * @param user whose it is: nobody stops a film that others watch
     */
    private record Key(String cluster, Moment from, Moment to, double speed, String name, String user) {}

    /** Those of requests under way. */
    private final Map<Key, Use> used = new ConcurrentHashMap<>();

    private record Use(Film film, int requests) {}

    /** @param path from, to, speed, and what is below */
    public void handle(ServedCluster cluster, Exchange exchange, List<String> path) throws IOException {
        if (path.size() < 4) {
            throw StatusFailure.notServed("a film is served as /clusters/<id>/play/<from>/<to>/<speed>/");
        }
        Key key;
        Film film;
        try {
            String[] speed = path.get(2).split(";", 2);
            key = new Key(
                    cluster.history().clusterId(),
                    Moment.parse(path.get(0)),
                    Moment.parse(path.get(1)),
                    speed(speed[0]),
                    speed.length == 2 ? speed[1] : "",
                    exchange.visitor().name());
            film = take(key, cluster);
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
        try {
            List<String> below = path.subList(3, path.size());
            if (below.equals(List.of("film"))) {
                new FilmControl(film, cluster).handle(exchange);
            } else {
                new MomentApi(new View(cluster, cluster.history(), film.status().position(), film))
                        .handle(exchange, below);
            }
        } finally {
            giveBack(key);
        }
    }

    private Film take(Key key, ServedCluster cluster) {
        long begin = cluster.at(key.from()).time();
        long end = cluster.at(key.to()).time();
        if (end <= begin) {
            throw new TraversionException(
                    "a film goes from an earlier moment to a later one, not from " + key.from() + " to " + key.to());
        }
        return used.compute(
                        key,
                        (_, use) -> use == null
                                ? new Use(new Film(begin, end, key.speed()), 1)
                                : new Use(use.film(), use.requests() + 1))
                .film();
    }

    private void giveBack(Key key) {
        used.computeIfPresent(key, (_, use) -> use.requests() == 1 ? null : new Use(use.film(), use.requests() - 1));
    }

    /**
     * Seconds to be shown in a second.
     *
     * @throws TraversionException if it is none, or too small or great to be of use
     */
    static double speed(String text) {
        try {
            double speed = Double.parseDouble(text);
            if (speed >= SLOWEST && speed <= FASTEST) {
                return speed;
            }
        } catch (NumberFormatException e) {
            throw badSpeed(text, e);
        }
        throw badSpeed(text, null);
    }

    private static TraversionException badSpeed(String text, Exception cause) {
        return new TraversionException(
                "\"" + text + "\" is not a speed: give the seconds to be shown in a second, from 0.01 to 10000", cause);
    }
}
