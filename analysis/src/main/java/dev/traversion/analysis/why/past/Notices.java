/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Events by what they are about. Whoever writes Events names them after their object, with a dot and a number behind it, so only those
 * of that name are read; and all whose names are of another form.
 */
final class Notices {

    private final World world;
    private final Map<String, Map<String, List<ObjectKey>>> named = new HashMap<>();
    private final Map<ObjectKey, List<Notice>> known = new HashMap<>();

    Notices(World world) {
        this.world = world;
    }

    /** Oldest first. */
    List<Notice> of(ObjectKey key, String kind) {
        return known.computeIfAbsent(key, _ -> find(key, kind));
    }

    private List<Notice> find(ObjectKey key, String kind) {
        String namespace = key.namespace().isEmpty() ? "default" : key.namespace();
        Map<String, List<ObjectKey>> events = named.computeIfAbsent(namespace, this::byName);
        List<Notice> found = new ArrayList<>();
        for (String name : key.name().isEmpty() ? List.of("") : List.of(key.name(), "")) {
            for (ObjectKey event : events.getOrDefault(name, List.of())) {
                List<Version> versions = new ArrayList<>(world.versions(event));
                versions.removeIf(Version::deleted);
                if (!versions.isEmpty()) {
                    Notice notice = Notice.of(versions.getLast());
                    JsonNode about = notice.version().get("involvedObject");
                    boolean isAbout = about.path("kind").asText().equals(kind)
                            && about.path("name").asText().equals(key.name());
                    if (isAbout && notice.last() >= world.from()) {
                        found.add(notice);
                    }
                }
            }
        }
        found.sort(Comparator.comparingLong(Notice::first));
        return found;
    }

    private Map<String, List<ObjectKey>> byName(String namespace) {
        Map<String, List<ObjectKey>> index = new HashMap<>();
        for (ObjectKey event : world.keys(Types.EVENTS, namespace)) {
            index.computeIfAbsent(subject(event.name()), _ -> new ArrayList<>()).add(event);
        }
        return index;
    }

    /** {@code ""} if the name does not tell. */
    private static String subject(String event) {
        int dot = event.lastIndexOf('.');
        return event.substring(dot + 1).matches("[0-9a-f]+") ? event.substring(0, Math.max(0, dot)) : "";
    }
}
