/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.rewind.access.Past;
import dev.traversion.rewind.access.Reach;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.http.Exchange;
import dev.traversion.rewind.http.StatusFailure;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a question somebody may know.
 *
 * @param history with nothing else in it
 * @param isEverything whether that is all there is
 * @param hiddenTypes how many types are missing, or are there for some namespaces only
 * @param hiddenNamespaces of how many namespaces nothing is there
 */
record Permitted(History history, boolean isEverything, int hiddenTypes, int hiddenNamespaces) {

    private static final ResourceType EVERYTHING = new ResourceType("*", "*");
    private static final ResourceType NAMESPACES = new ResourceType("", "namespaces");

    /** Who may read none of these in a namespace is not asked for each type there, unless it is named. */
    private static final List<ResourceType> PROBES =
            List.of(EVERYTHING, new ResourceType("", "pods"), new ResourceType("", "configmaps"));

    /**
     * Asks for a read of types. Whoever may not read all of them gets what they may read.
     *
     * @param types all that are meant
     * @param isNamed whether somebody named them, so that a refusal is the answer
     * @param namespace all, and what is in none, if {@code ""}
     * @throws StatusFailure 403 if nothing of what was named may be read
     */
    static Permitted ask(
            Exchange exchange, Past past, Collection<ResourceType> types, boolean isNamed, String namespace)
            throws IOException {
        if (!isNamed) {
            Optional<Reach> reach = tryTo(exchange, read(past, EVERYTHING, namespace));
            if (reach.isPresent()) {
                History reachable = reach.get().of(past.history());
                boolean isEverything = namespace.isEmpty() && reach.get().equals(Reach.EVERYTHING);
                // What is read for an answer besides what was asked for, such as nodes, is in no namespace.
                return new Permitted(
                        namespace.isEmpty() ? reachable : new PermittedHistory(reachable, within(types, namespace)),
                        isEverything,
                        0,
                        0);
            }
        }
        return new Asking(exchange, past).ask(types, isNamed, namespace);
    }

    private static Map<ResourceType, Set<String>> within(Collection<ResourceType> types, String namespace) {
        Map<ResourceType, Set<String>> all = new HashMap<>();
        types.forEach(type -> all.put(type, Set.of(namespace)));
        return all;
    }

    /** Asks to read one object. */
    static History object(Exchange exchange, Past past, ResourceType type, String namespace, String name) {
        return exchange.permit(new Read.Objects(past, "get", type, "", namespace, name))
                .of(past.history());
    }

    /** Asks to read all of a type; empty if it is refused. */
    static Optional<Reach> list(Exchange exchange, Past past, ResourceType type, String namespace) {
        return tryTo(exchange, read(past, type, namespace));
    }

    private static Read.Objects read(Past past, ResourceType type, String namespace) {
        return Read.Objects.all(past, type, namespace, "");
    }

    /** What is refused at once is not worth a record: nobody asked for it by name. */
    private static Optional<Reach> tryTo(Exchange exchange, Read.Objects read) {
        if (!exchange.visitor().mayRead(read)) {
            return Optional.empty();
        }
        try {
            return Optional.of(exchange.permit(read));
        } catch (StatusFailure refused) {
            if (refused.code() == 403) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static final class Asking {
        private final Exchange exchange;
        private final Past past;
        private final Map<ResourceType, Set<String>> permitted = new HashMap<>();
        private Reach reach = Reach.EVERYTHING;

        Asking(Exchange exchange, Past past) {
            this.exchange = exchange;
            this.past = past;
        }

        Permitted ask(Collection<ResourceType> types, boolean isNamed, String namespace) throws IOException {
            Set<ResourceType> refused = new TreeSet<>();
            for (ResourceType type : types) {
                if (!grant(type, namespace)) {
                    refused.add(type);
                }
            }
            Set<String> hidden = new TreeSet<>();
            if (!refused.isEmpty() && namespace.isEmpty()) {
                hidden.addAll(namespaceByNamespace(refused, isNamed));
            }
            if (permitted.isEmpty()) {
                if (isNamed && !refused.isEmpty()) {
                    // The refusal says what is missing, and is put on record.
                    exchange.permit(read(past, refused.iterator().next(), namespace));
                }
                exchange.permit(new Read.Own("console"));
            }
            boolean isWhole = refused.isEmpty() && reach.equals(Reach.EVERYTHING) && namespace.isEmpty() && !isNamed;
            return new Permitted(
                    new PermittedHistory(reach.of(past.history()), permitted), isWhole, refused.size(), hidden.size());
        }

        private boolean grant(ResourceType type, String namespace) {
            Optional<Reach> granted = tryTo(exchange, read(past, type, namespace));
            granted.ifPresent(more -> {
                reach = more.equals(Reach.EVERYTHING) ? reach : reach.and(more);
                permitted.computeIfAbsent(type, _ -> new HashSet<>()).add(namespace);
            });
            return granted.isPresent();
        }

        /** The namespaces of which nothing may be read. One that shows none of the probes is not asked for each type. */
        private Set<String> namespaceByNamespace(Set<ResourceType> types, boolean isNamed) throws IOException {
            Set<String> names = new TreeSet<>();
            past.history().list(NAMESPACES, "", null, past.to(), version -> {
                names.add(version.key().name());
                return true;
            });
            Set<String> hidden = new TreeSet<>();
            for (String name : names) {
                boolean isOpen = isNamed
                        || PROBES.stream().anyMatch(type -> exchange.visitor().mayRead(read(past, type, name)));
                boolean isShown = false;
                if (isOpen) {
                    for (ResourceType type : types) {
                        isShown |= grant(type, name);
                    }
                }
                if (!isShown) {
                    hidden.add(name);
                }
            }
            return hidden;
        }
    }

    /** {@code types, namespaces}: how many were left out. */
    ObjectNode hidden() {
        return JsonNodeFactory.instance.objectNode().put("types", hiddenTypes).put("namespaces", hiddenNamespaces);
    }
}
