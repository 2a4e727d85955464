/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.analysis.timeline.TimelineDocument;
import dev.traversion.analysis.timeline.TimelineEntry;
import dev.traversion.kubectl.play.Film;
import dev.traversion.kubectl.play.Keyboard;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.MomentText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Tells what happens in a film when its time comes, with a line at the bottom of a terminal that says where it is. */
final class Screening {

    private final Happenings happenings;
    private final Film film;
    private final Terminal terminal;
    private final boolean lines;
    private final TimelineText text;

    /** What there is to tell. */
    @FunctionalInterface
    interface Happenings {
        /** @param after exclusive */
        Timeline between(Instant after, Instant to) throws IOException;
    }

    /** @param json whether to write JSON lines */
    Screening(Happenings happenings, Film film, Terminal terminal, boolean json) {
        this.happenings = happenings;
        this.film = film;
        this.terminal = terminal;
        this.lines = json;
        this.text = new TimelineText(terminal);
    }

    /** Shows it to its end, or until somebody ends it at the keyboard. */
    void show(Instant from, Instant to) throws IOException, InterruptedException {
        try (Keyboard keyboard = terminal.interactive() ? new Keyboard() : null) {
            Instant shown = from;
            Optional<Film.Status> status = film.next();
            while (status.isPresent()) {
                shown = tell(shown, status.get().position());
                terminal.status(bar(status.get(), from, to));
                if (status.get().ended() || !obey(keyboard, status.get())) {
                    break;
                }
                status = film.next();
            }
        } finally {
            terminal.status("");
        }
    }

    private Instant tell(Instant shown, Instant position) throws IOException {
        if (!shown.isBefore(position)) {
            return shown;
        }
        Timeline timeline = happenings.between(shown, position);
        if (!timeline.entries().isEmpty()) {
            terminal.status("");
        }
        if (timeline.omitted() > 0) {
            terminal.note("... " + timeline.omitted() + " more happened at once");
        }
        for (TimelineEntry entry : timeline.entries()) {
            if (lines) {
                line(entry);
            } else {
                text.print(entry);
            }
        }
        terminal.out().flush();
        return position;
    }

    private void line(TimelineEntry entry) throws IOException {
        JsonGenerator out = new ObjectMapper().getFactory().createGenerator(terminal.out());
        out.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        TimelineDocument.write(entry, out);
        out.close();
        terminal.out().println();
    }

    /** Does what keys say; false if the film is to end. */
    private boolean obey(Keyboard keyboard, Film.Status status) throws IOException {
        Character key = keyboard == null ? null : keyboard.poll();
        if (key == null) {
            return true;
        }
        switch (key) {
            case ' ', 'k' -> film.pause(!status.paused());
            case 'l' -> film.changeSpeed(status.speed(), true);
            case 'j' -> film.changeSpeed(status.speed(), false);
            default -> {}
        }
        return key != 'q';
    }

    private static String bar(Film.Status status, Instant from, Instant to) {
        long whole = Math.max(1, Duration.between(from, to).toMillis());
        long percent = Duration.between(from, status.position()).toMillis() * 100 / whole;
        String speed = status.speed() == Math.rint(status.speed())
                ? Long.toString((long) status.speed())
                : Double.toString(status.speed());
        return (status.paused() ? "paused" : "x" + speed) + "  "
                + MomentText.full(Instant.ofEpochSecond(status.position().getEpochSecond())) + "  " + percent
                + " %  Space pauses, L faster, J slower, Q ends";
    }
}
