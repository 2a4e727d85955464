/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Owners and children of objects, as ownerReferences tell. */
public final class Family {

    private static final JsonFactory JSON = new ObjectMapper().getFactory();

    /** Events and documents own nothing and belong to nobody. */
    private static final Set<ResourceType> ALONE =
            Set.of(new ResourceType("", "events"), new ResourceType("traversion.dev", "documents"));

    private final Map<String, ObjectKey> keys = new HashMap<>();
    private final Map<String, Set<String>> owners = new HashMap<>();
    private final Map<String, Set<String>> children = new HashMap<>();

    private Family() {}

    /**
     * The objects of a scope that existed at some time between two moments, with their owners, the owners of those and so on, and
     * all that they own. Keeps the uids of all objects of the stretch in memory, but no bodies.
     *
     * @param from ns
     * @param to ns
     */
    public static Set<ObjectKey> of(History history, Scope scope, long from, long to) throws IOException {
        Family family = new Family();
        for (ResourceType type : history.types(to)) {
            if (!ALONE.contains(type)) {
                history.list(type, "", null, from, family::learn);
                history.changes(type, "", from, to, family::learn);
            }
        }
        Set<String> asked = new HashSet<>();
        family.keys.forEach((uid, key) -> {
            if (scope.contains(key)) {
                asked.add(uid);
            }
        });
        Set<ObjectKey> found = new LinkedHashSet<>();
        for (Map<String, Set<String>> way : List.of(family.owners, family.children)) {
            closure(asked, way).forEach(uid -> {
                if (family.keys.containsKey(uid)) {
                    found.add(family.keys.get(uid));
                }
            });
        }
        return found;
    }

    private static Set<String> closure(Set<String> begin, Map<String, Set<String>> way) {
        Set<String> reached = new HashSet<>(begin);
        Deque<String> open = new ArrayDeque<>(begin);
        while (!open.isEmpty()) {
            for (String next : way.getOrDefault(open.remove(), Set.of())) {
                if (reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }

    private boolean learn(ObjectVersion version) throws IOException {
        String uid = version.uid();
        if (!uid.isEmpty() && version.bodyLength() > 0) {
            keys.put(uid, version.key());
            for (JsonNode reference : ownerReferences(version.body())) {
                String owner = reference.path("uid").asText();
                owners.computeIfAbsent(uid, _ -> new HashSet<>()).add(owner);
                children.computeIfAbsent(owner, _ -> new HashSet<>()).add(uid);
            }
        }
        return true;
    }

    /** Reads no more of the object than its metadata. */
    private static JsonNode ownerReferences(byte[] body) throws IOException {
        try (JsonParser parser = JSON.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isMetadata = parser.currentName().equals("metadata");
                parser.nextToken();
                if (isMetadata) {
                    return parser.<JsonNode>readValueAsTree().path("ownerReferences");
                }
                parser.skipChildren();
            }
        }
        return MissingNode.getInstance();
    }
}
