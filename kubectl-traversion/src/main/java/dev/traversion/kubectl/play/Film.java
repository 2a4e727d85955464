/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.play;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.TraversionException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** A film that a server runs, watched and controlled from here. As long as it is open it runs, whoever else watches. */
public final class Film implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double[] SPEEDS = {0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000};

    private final Server server;
    private final HttpURLConnection reports;
    private final BufferedReader lines;

    /** Leads to the film. */
    @FunctionalInterface
    public interface Server {
        /**
         * A connection that is not yet opened.
         *
         * @param below what is asked, from the root of the film on
         */
        HttpURLConnection to(String below) throws IOException;

        /**
         * The one on this machine, which speaks plain HTTP on the same port.
         *
         * @param url root of the film
         */
        static Server local(String url, String token) {
            return below -> {
                HttpURLConnection connection =
                        (HttpURLConnection) URI.create(url.replaceFirst("^https:", "http:") + below)
                                .toURL()
                                .openConnection();
                connection.setRequestProperty("Authorization", "Bearer " + token);
                return connection;
            };
        }
    }

    /**
     * How it runs.
     *
     * @param speed seconds shown in a second
     */
    public record Status(Instant position, double speed, boolean paused, boolean ended) {}

    /**
     * Begins to watch.
     *
     * @throws TraversionException if the server refuses it
     */
    public Film(Server server) throws IOException {
        this.server = server;
        this.reports = server.to("/film?watch=true");
        if (reports.getResponseCode() != HttpURLConnection.HTTP_OK) {
            throw new TraversionException(
                    JSON.readTree(reports.getErrorStream()).path("message").asText());
        }
        this.lines = new BufferedReader(new InputStreamReader(reports.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next report, of which there are several a second; empty when the server ended. */
    public Optional<Status> next() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            return Optional.empty();
        }
        JsonNode status = JSON.readTree(line);
        return Optional.of(new Status(
                Instant.parse(status.path("position").asText()),
                status.path("speed").asDouble(),
                status.path("paused").asBoolean(),
                status.path("ended").asBoolean()));
    }

    public void pause(boolean pause) throws IOException {
        control("?paused=" + pause);
    }

    /** Goes on at the next higher or lower speed. */
    public void changeSpeed(double speed, boolean faster) throws IOException {
        double next = speed;
        for (int i = 0; i < SPEEDS.length && next == speed; i++) {
            double candidate = SPEEDS[faster ? i : SPEEDS.length - 1 - i];
            if (faster ? candidate > speed : candidate < speed) {
                next = candidate;
            }
        }
        control("?paused=false&speed=" + next);
    }

    private void control(String query) throws IOException {
        HttpURLConnection connection = server.to("/film" + query);
        connection.setRequestMethod("POST");
        connection.getInputStream().readAllBytes();
    }

    @Override
    public void close() {
        reports.disconnect();
    }
}
