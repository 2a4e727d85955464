/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.Moment;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is asked of a cluster, as it stands in the query. */
record Question(ServedCluster cluster, Exchange exchange) {

    /** How long the newest of a recording may still change: types are not heard of at the same time. */
    private static final long SETTLING = 5_000_000_000L;

    /** Heartbeats and documents; and Events, which are told of in their own way. */
    static final Set<ResourceType> QUIET = Set.of(
            new ResourceType("coordination.k8s.io", "leases"),
            new ResourceType("traversion.dev", "documents"),
            new ResourceType("", "events"),
            new ResourceType("events.k8s.io", "events"));

    /** A moment, ns, in the parameter {@code t} or another; the end of the recording if it is not given. */
    long time(String name) {
        String text = exchange.query(name);
        History history = cluster.history();
        if (text.isEmpty() || text.equals("now")) {
            cluster.follower().refresh();
            return history.end();
        }
        long time = parse(name, text);
        if (time > history.end()) {
            cluster.follower().refresh();
        }
        // A ms more at the end: the console's times are rounded up.
        if (time < history.start() - 1_000_000 || time > history.end() + SETTLING) {
            throw StatusFailure.outside(name + " is " + Moment.format(time) + ", and the recording reaches from "
                    + Moment.format(history.start()) + " to " + Moment.format(history.end()));
        }
        return Math.max(time, history.start());
    }

    private static long parse(String name, String text) {
        if (text.matches("\\d{1,14}")) {
            return Millis.nanos(Math.min(Long.parseLong(text), Long.MAX_VALUE / 1_000_000));
        }
        try {
            if (Moment.parse(text) instanceof Moment.Fixed fixed) {
                return fixed.nanos();
            }
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(name + ": " + e.getMessage() + ", or ms since the epoch");
        }
        throw StatusFailure.badRequest(name + ": \"" + text + "\" is no time");
    }

    /**
     * A stretch, ns.
     *
     * @param from exclusive
     * @param to inclusive
     */
    record Stretch(long from, long to) {}

    /** The stretch in {@code from} and {@code to}, cut to what the recording reaches: the whole of it where they are not given. */
    Stretch stretch() {
        cluster.follower().refresh();
        History history = cluster.history();
        String first = exchange.query("from");
        String last = exchange.query("to");
        long from = first.isEmpty() ? history.start() : parse("from", first);
        long to = last.isEmpty() || last.equals("now") ? history.end() : parse("to", last);
        if (to < from) {
            throw StatusFailure.badRequest("to is earlier than from: give the earlier one first");
        }
        return new Stretch(
                Math.clamp(from, history.start(), history.end()), Math.clamp(to, history.start(), history.end()));
    }

    /** As {@link #stretch}, but not cut: what nodes did may be newer than the last object that changed. */
    Stretch stretchOfNodes() {
        cluster.follower().refresh();
        String first = exchange.query("from");
        String last = exchange.query("to");
        long from = first.isEmpty() ? cluster.history().start() : parse("from", first);
        long to = last.isEmpty() || last.equals("now") ? now() : parse("to", last);
        if (to < from) {
            throw StatusFailure.badRequest("to is earlier than from: give the earlier one first");
        }
        return new Stretch(from, to);
    }

    /** The time it is, or the end of a recording that is not made any more, ns; a little beyond it for what was landed later. */
    long now() {
        cluster.follower().refresh();
        History history = cluster.history();
        return history.live() ? Times.nanos(Instant.now()) : history.end() + SETTLING;
    }

    String text(String name) {
        return exchange.query(name);
    }

    String required(String name) {
        String value = exchange.query(name);
        if (value.isEmpty()) {
            throw StatusFailure.badRequest(name + " is missing");
        }
        return value;
    }

    boolean isTrue(String name) {
        return exchange.query(name).equals("true");
    }

    /** A number from 1 to {@code most}. */
    int number(String name, int usual, int most) {
        String text = exchange.query(name);
        if (text.isEmpty()) {
            return usual;
        }
        if (!text.matches("[1-9]\\d{0,8}") || Integer.parseInt(text) > most) {
            throw StatusFailure.badRequest(name + ": \"" + text + "\" is no number from 1 to " + most);
        }
        return Integer.parseInt(text);
    }

    /** The one type in {@code resource}, as it is recorded. */
    ResourceType type(long time) {
        return stored(required("resource"), time);
    }

    /** The types in {@code resources}; all but the quiet ones if there are none. */
    List<ResourceType> types(long time) {
        String names = exchange.query("resources");
        if (names.isEmpty()) {
            List<ResourceType> all = new ArrayList<>(cluster.history().types(time));
            all.removeAll(QUIET);
            return List.copyOf(all);
        }
        Set<ResourceType> types = new LinkedHashSet<>();
        for (String name : names.split(",")) {
            if (!name.isEmpty()) {
                types.add(stored(name, time));
            }
        }
        return types.stream().sorted().toList();
    }

    boolean namesTypes() {
        return !exchange.query("resources").isEmpty();
    }

    private ResourceType stored(String name, long time) {
        ResourceType stored = cluster.storedType(parseType(name), time);
        if (!cluster.history().types(time).contains(stored)) {
            throw StatusFailure.notServed("nothing of the resource " + name + " was recorded by then");
        }
        return stored;
    }

    static ResourceType parseType(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? new ResourceType("", name) : new ResourceType(name.substring(dot + 1), name.substring(0, dot));
    }

    Past at(long time) {
        return Past.at(cluster.history(), time);
    }

    /** What may be read of the types in {@code resources}, in {@code namespace}. */
    Permitted permitted(long from, long to) throws IOException {
        return permitted(types(to), namesTypes(), from, to);
    }

    Permitted permitted(List<ResourceType> types, boolean isNamed, long from, long to) throws IOException {
        Past past = new Past(cluster.history(), from, to);
        return Permitted.ask(exchange, past, types, isNamed, exchange.query("namespace"));
    }

    /** Whether nothing that is observed from now on can change an answer about this time, ns. */
    boolean isSettled(long time) {
        return !cluster.history().live() || time < cluster.history().end() - SETTLING;
    }
}
