/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import dev.traversion.analysis.Scope;
import dev.traversion.analysis.why.WhyQuestion;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.NodeKernel;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.util.Set;

/** What caused that something is wrong with an object, or else what was wrong, as {@code kubectl traversion why} tells it. */
final class Causes {

    private static final long HOUR = 3_600_000_000_000L;

    private Causes() {}

    static void answer(Question question) throws IOException {
        long to = question.time("t");
        Exchange exchange = question.exchange();
        History history = question.cluster().history();
        long from = Math.max(history.start(), to - HOUR);
        Past past = new Past(history, from, to);
        boolean isOfOne = !question.text("name").isEmpty();
        Set<ResourceType> types =
                isOfOne || !question.text("resource").isEmpty() ? Set.of(question.type(to)) : Set.of();
        Scope scope = new Scope(types, question.text("namespace"), question.text("name"));
        History named = isOfOne
                ? Permitted.object(exchange, past, types.iterator().next(), scope.namespace(), scope.name())
                : history;
        // Each resource that the answer needs is a read of its own; what is refused is hidden, and named.
        Gate gate = (needed, namespace) ->
                Permitted.list(exchange, past, needed, namespace).map(reach -> reach.of(history));
        try {
            Answers.json(
                    exchange,
                    WhyQuestion.answer(named, gate, new NodeKernel(history.nodes()), scope, from, to),
                    question.isSettled(to));
        } catch (TraversionException e) {
            throw StatusFailure.badRequest(e.getMessage());
        }
    }
}
