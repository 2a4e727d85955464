/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.Similar;
import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What people ask, and the document they get. */
public final class WhyQuestion {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int INCIDENTS = 100;

    private WhyQuestion() {}

    /**
     * A verdict on the object that a scope names, or the incidents of its namespace if it names none.
     *
     * @param history for gaps; objects come through the gate
     * @param from ns
     * @param to ns
     * @throws TraversionException if objects of that name are in several namespaces
     */
    public static JsonNode answer(History history, Gate gate, Scope scope, long from, long to) throws IOException {
        return answer(history, gate, Kernel.NONE, scope, from, to);
    }

    /** The same with what agents saw on the nodes. */
    public static JsonNode answer(History history, Gate gate, Kernel kernel, Scope scope, long from, long to)
            throws IOException {
        TokenBuffer document = new TokenBuffer(JSON, false);
        if (scope.name().isEmpty()) {
            Incidents incidents = Incidents.of(gate, scope.types(), scope.namespace(), from, to, INCIDENTS);
            if (incidents.incidents().isEmpty()) {
                requireNamespace(gate, scope.namespace(), to);
            }
            VerdictDocument.write(incidents, document);
        } else {
            VerdictDocument.write(Why.ask(history, gate, kernel, target(gate, scope, from, to), from, to), document);
        }
        return JSON.readTree(document.asParser());
    }

    /** @throws TraversionException if there is known to be no such namespace */
    private static void requireNamespace(Gate gate, String namespace, long to) throws IOException {
        ResourceType type = Types.NAMESPACES;
        Optional<History> history = namespace.isEmpty() ? Optional.empty() : gate.open(type, "");
        boolean isAbsent = history.isPresent()
                && history.get().types(to).contains(type)
                && history.get().get(new ObjectKey(type, "", namespace), to).isEmpty();
        if (isAbsent) {
            throw new TraversionException("The recording has no namespace " + namespace + " at that moment."
                    + Similar.hint(history.get(), Set.of(type), "", namespace, to));
        }
    }

    private static ObjectKey target(Gate gate, Scope scope, long from, long to) throws IOException {
        Set<ObjectKey> found = new TreeSet<>();
        for (ResourceType type : scope.types()) {
            Optional<History> history = gate.open(type, scope.namespace());
            if (history.isPresent()) {
                ObjectVersion.Visitor look = version -> {
                    if (scope.contains(version.key())) {
                        found.add(version.key());
                    }
                    return true;
                };
                history.get().list(type, scope.namespace(), null, to, look);
                if (found.isEmpty()) {
                    history.get().changes(type, scope.namespace(), from, to, look);
                }
            }
        }
        if (found.size() > 1 && scope.namespace().isEmpty()) {
            throw new TraversionException(scope.name() + " is in several namespaces: "
                    + found.stream().map(ObjectKey::namespace).distinct().collect(Collectors.joining(", "))
                    + ". Choose one with -n.");
        }
        return found.isEmpty()
                ? new ObjectKey(
                        scope.types().isEmpty()
                                ? new ResourceType("", "objects")
                                : scope.types().iterator().next(),
                        scope.namespace(),
                        scope.name())
                : found.iterator().next();
    }
}
