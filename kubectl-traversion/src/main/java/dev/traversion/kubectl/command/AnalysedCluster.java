/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.FirstMoment;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.diff.MomentDiff;
import dev.traversion.analysis.diff.ObjectDiff;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeExpression;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The server of the past in the cluster: what it says is for the person who asks. */
record AnalysedCluster(ClusterPast past) implements AnalysedPast {

    @Override
    public Instant start() {
        return past.start();
    }

    @Override
    public Instant end() {
        return past.end();
    }

    @Override
    public Instant resolve(TimeExpression time, ZoneId zone, String namespace) {
        return past.resolve(time, zone, namespace);
    }

    @Override
    public Scope scope(String target, String namespace, Instant at) throws IOException {
        return past.scope(target, namespace, at);
    }

    @Override
    public MomentDiff diff(
            Instant from,
            Instant to,
            Scope scope,
            boolean isWhole,
            Consumer<String> notes,
            Consumer<ObjectDiff> differences)
            throws IOException {
        return past.diff(from, to, scope, isWhole, warnings -> tell(List.of(from, to), warnings, notes), differences);
    }

    private static void tell(List<Instant> moments, List<String> warnings, Consumer<String> notes) {
        for (Instant moment : moments) {
            List<String> theirs = new ArrayList<>(warnings);
            theirs.removeIf(warning -> !warning.startsWith("traversion: " + moment + ", "));
            notes.accept("# " + MomentText.full(moment) + ", "
                    + (theirs.isEmpty() ? "complete" : theirs.getFirst().replaceFirst("^traversion: [^,]+, ", "")));
        }
    }

    @Override
    public Timeline timeline(Instant from, Instant to, Scope scope, boolean tree, int limit, Consumer<String> notes)
            throws IOException {
        return past.timeline(from, to, scope, tree, limit);
    }

    @Override
    public JsonNode why(Instant from, Instant to, Scope scope) throws IOException {
        return past.why(from, to, scope);
    }

    @Override
    public Optional<FirstMoment> first(Instant from, Instant to, Scope scope, String condition) throws IOException {
        return past.first(from, to, scope, condition);
    }

    @Override
    public JsonNode status(Duration back) throws IOException {
        return past.status(back);
    }

    @Override
    public void close() {}
}
