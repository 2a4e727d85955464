/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.state;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The last recording this user made or opened, and the last two moments gone to. */
public final class Memory {

    private static final String LOCATION = "location";

    private final StateFile recording;
    private final StateFile moments;

    public Memory(StateDirectory state) {
        this.recording = new StateFile(state.resolve("recording.properties"));
        this.moments = new StateFile(state.resolve("moments.properties"));
    }

    /** Where the last recording made or opened is. */
    public Optional<String> recording() {
        return recording.read().map(values -> values.get(LOCATION));
    }

    /** @param location absolute */
    public void rememberRecording(String location) throws IOException {
        recording.write(Map.of(LOCATION, location));
    }

    /** The moment gone to before the present one. */
    public Optional<VisitedMoment> previous() {
        return moments.read().flatMap(values -> moment(values, "previous."));
    }

    /** The moment gone to last. */
    public Optional<VisitedMoment> current() {
        return moments.read().flatMap(values -> moment(values, "current."));
    }

    /** The present moment becomes the previous one, unless it is the same. */
    public void visit(VisitedMoment moment) throws IOException {
        Optional<VisitedMoment> before =
                current().filter(current -> !current.equals(moment)).or(this::previous);
        Map<String, String> values = new TreeMap<>();
        put(values, "current.", moment);
        before.ifPresent(previous -> put(values, "previous.", previous));
        moments.write(values);
    }

    private static void put(Map<String, String> values, String prefix, VisitedMoment moment) {
        values.put(prefix + LOCATION, moment.location());
        values.put(prefix + "cluster", moment.cluster());
        values.put(prefix + "instant", moment.instant().toString());
    }

    private static Optional<VisitedMoment> moment(Map<String, String> values, String prefix) {
        String location = values.get(prefix + LOCATION);
        String cluster = values.get(prefix + "cluster");
        String instant = values.get(prefix + "instant");
        if (location == null || cluster == null || instant == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new VisitedMoment(location, cluster, Instant.parse(instant)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
