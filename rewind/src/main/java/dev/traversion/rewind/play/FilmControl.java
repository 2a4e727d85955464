/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.play;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.Pace;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.http.ApiHandler;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import dev.traversion.rewind.json.GoJson;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Tells how a film runs and changes it. GET tells it, with {@code watch=true} again and again, a line each time, and keeps the film
 * running meanwhile. POST takes {@code paused} and {@code speed}.
 */
final class FilmControl {

    private static final long REPORT_MILLIS = 100;

    private final Film film;
    private final ServedCluster cluster;

    FilmControl(Film film, ServedCluster cluster) {
        this.film = film;
        this.cluster = cluster;
    }

    void handle(Exchange exchange) throws IOException {
        exchange.permit(new Read.Own("film"));
        switch (exchange.method()) {
            case "GET" -> {
                if (exchange.query("watch").equals("true")) {
                    watch(exchange);
                } else {
                    ApiHandler.send(exchange, status());
                }
            }
            case "POST" -> {
                Film.Status now = film.status();
                String paused = exchange.query("paused");
                film.control(
                        exchange.query("speed").isEmpty() ? now.speed() : speed(exchange.query("speed")),
                        paused.isEmpty() ? now.paused() : paused.equals("true"));
                ApiHandler.send(exchange, status());
            }
            default -> throw StatusFailure.methodNotAllowed("a film can be watched with GET and controlled with POST");
        }
    }

    private static double speed(String text) {
        try {
            return Films.speed(text);
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
    }

    private ObjectNode status() {
        Film.Status status = film.status();
        return JsonNodeFactory.instance
                .objectNode()
                .put("from", Moment.format(status.from()))
                .put("to", Moment.format(status.to()))
                .put("position", Moment.format(status.position()))
                .put("speed", status.speed())
                .put("paused", status.paused())
                .put("ended", status.position() >= status.to())
                .put("watching", status.watching());
    }

    private void watch(Exchange exchange) throws IOException {
        OutputStream out = exchange.open(200, "application/json");
        try (Pace.Viewing _ = film.begin(film.status().from())) {
            while (!cluster.follower().isClosed()) {
                out.write(GoJson.bytes(status()));
                out.write('\n');
                out.flush();
                Thread.sleep(REPORT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        out.close();
    }
}
