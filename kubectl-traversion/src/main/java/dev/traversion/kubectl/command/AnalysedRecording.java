/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.Family;
import dev.traversion.analysis.FirstMoment;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.diff.MomentDiff;
import dev.traversion.analysis.diff.ObjectDiff;
import dev.traversion.analysis.node.NodeTroubles;
import dev.traversion.analysis.status.StatusDocument;
import dev.traversion.analysis.timeline.Timeline;
import dev.traversion.analysis.why.WhyQuestion;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.NodeKernel;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.kubectl.server.OpenRecording;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.TimeExpression;
import dev.traversion.rewind.play.UntilCondition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A recording that is read here. */
record AnalysedRecording(OpenRecording opened) implements AnalysedPast {

    @Override
    public Instant start() {
        return Times.instant(opened.history().start());
    }

    @Override
    public Instant end() {
        return Times.instant(opened.history().end());
    }

    @Override
    public Instant resolve(TimeExpression time, ZoneId zone, String namespace) {
        return opened.resolve(time, zone, namespace);
    }

    @Override
    public Scope scope(String target, String namespace, Instant at) throws IOException {
        return Targets.scope(opened, target, namespace, at);
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
        for (Instant moment : List.of(from, to)) {
            notes.accept("# " + MomentText.full(moment) + ", "
                    + opened.completeness(scope.types(), scope.namespace(), moment));
        }
        return MomentDiff.between(opened.history(), Times.nanos(from), Times.nanos(to), scope, differences);
    }

    @Override
    public Timeline timeline(Instant from, Instant to, Scope scope, boolean tree, int limit, Consumer<String> notes)
            throws IOException {
        Scope wanted = tree ? family(scope, from, to, notes) : scope;
        Timeline timeline = Timeline.of(opened.history(), wanted, Times.nanos(from), Times.nanos(to), limit);
        return timeline.with(
                NodeTroubles.of(opened.history(), wanted, _ -> true, Times.nanos(from), Times.nanos(to), limit), limit);
    }

    private Scope family(Scope scope, Instant from, Instant to, Consumer<String> notes) throws IOException {
        Set<ObjectKey> family = Family.of(opened.history(), scope, Times.nanos(from), Times.nanos(to));
        Map<ResourceType, Integer> counts = new TreeMap<>();
        family.forEach(key -> counts.merge(key.type(), 1, Integer::sum));
        notes.accept("# "
                + counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", ")));
        return scope.replacedBy(family);
    }

    @Override
    public JsonNode why(Instant from, Instant to, Scope scope) throws IOException {
        Gate gate = (_, _) -> Optional.of(opened.history());
        return WhyQuestion.answer(
                opened.history(), gate, new NodeKernel(opened.nodes()), scope, Times.nanos(from), Times.nanos(to));
    }

    @Override
    public Optional<FirstMoment> first(Instant from, Instant to, Scope scope, String condition) throws IOException {
        return FirstMoment.of(
                opened.history(), scope, Times.nanos(from), Times.nanos(to), UntilCondition.parse(condition));
    }

    @Override
    public JsonNode status(Duration back) throws IOException {
        return StatusDocument.of(opened.history(), opened.history().end() - back.toNanos());
    }

    @Override
    public void close() {
        opened.close();
    }
}
