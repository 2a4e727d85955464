/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import dev.traversion.analysis.Scope;
import dev.traversion.analysis.why.WhyQuestion;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.NodeKernel;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.http.Exchange;
import java.io.IOException;
import java.util.Set;

/** What caused that something is wrong with an object, as {@code kubectl traversion why} tells it. */
final class Causes {

    private static final long HOUR = 3_600_000_000_000L;

    private Causes() {}

    static void answer(Question question) throws IOException {
        long to = question.time("t");
        ResourceType type = question.type(to);
        Scope scope = new Scope(Set.of(type), question.text("namespace"), question.required("name"));
        Exchange exchange = question.exchange();
        History history = question.cluster().history();
        long from = Math.max(history.start(), to - HOUR);
        Past past = new Past(history, from, to);
        History named = Permitted.object(exchange, past, type, scope.namespace(), scope.name());
        // Each resource that the answer needs is a read of its own; what is refused is hidden, and named.
        Gate gate = (needed, namespace) ->
                Permitted.list(exchange, past, needed, namespace).map(reach -> reach.of(history));
        Answers.json(
                exchange,
                WhyQuestion.answer(named, gate, new NodeKernel(history.nodes()), scope, from, to),
                question.isSettled(to));
    }
}
