/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.diff.FieldDiff;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A window of the past of one cluster, read type by type and namespace by namespace as rules ask for it, and kept. Not safe for
 * concurrent use.
 */
public final class World {

    /** Bodies held at most, bytes; of what is more only the latest versions are read. */
    private static final long MOST_BYTES = 192L << 20;

    /** An object seen so soon after its creation was created while somebody watched, ns. */
    private static final long SOON = 10_000_000_000L;

    private record Place(ResourceType type, String namespace) {}

    private final Gate gate;
    private final long from;
    private final long to;
    private final Map<Place, Map<ObjectKey, List<Version>>> tables = new HashMap<>();
    private final Map<ObjectKey, List<Change>> changes = new HashMap<>();
    private final Map<String, Map<String, List<Notice>>> notices = new HashMap<>();
    private final Map<String, Object> remembered = new HashMap<>();
    private final Set<String> hidden = new TreeSet<>();
    private final Set<ResourceType> cut = new TreeSet<>();
    private long read;
    private long bytes;

    /**
     * Reads nothing yet.
     *
     * @param from ns
     * @param to ns, inclusive
     */
    public World(Gate gate, long from, long to) {
        this.gate = gate;
        this.from = from;
        this.to = to;
    }

    /** What was worked out once, by whoever names it so. */
    @SuppressWarnings("unchecked")
    public <T> T remember(String what, ObjectKey key, Supplier<T> work) {
        String name = what + " " + key;
        Object known = remembered.get(name);
        if (known == null) {
            known = work.get();
            remembered.put(name, known);
        }
        return (T) known;
    }

    public long from() {
        return from;
    }

    public long to() {
        return to;
    }

    /** How many versions were read. */
    public long read() {
        return read;
    }

    /** What was asked for and may not be read: {@code secrets -n shop}. */
    public Set<String> hidden() {
        return hidden;
    }

    /** Types of which there was too much to hold all of it. */
    public Set<ResourceType> cut() {
        return cut;
    }

    /** The types that were read. */
    public Set<ResourceType> types() {
        Set<ResourceType> types = new TreeSet<>();
        tables.keySet().forEach(place -> types.add(place.type()));
        return types;
    }

    private Map<ObjectKey, List<Version>> table(ResourceType type, String namespace) {
        Place place = new Place(type, namespace);
        Map<ObjectKey, List<Version>> table = tables.get(place);
        if (table == null) {
            Map<ObjectKey, List<Version>> all = tables.get(new Place(type, ""));
            if (all == null) {
                table = load(place);
                tables.put(place, table);
            } else {
                split(type, all);
                table = tables.computeIfAbsent(place, _ -> Map.of());
            }
        }
        return table;
    }

    /** Namespace by namespace, so that nobody has to look through all of them again. */
    private void split(ResourceType type, Map<ObjectKey, List<Version>> all) {
        all.forEach(
                (key, versions) -> tables.computeIfAbsent(new Place(type, key.namespace()), _ -> new LinkedHashMap<>())
                        .put(key, versions));
    }

    private Map<ObjectKey, List<Version>> load(Place place) {
        Map<ObjectKey, List<Version>> table = new LinkedHashMap<>();
        Optional<History> history = gate.open(place.type(), place.namespace());
        if (history.isEmpty()) {
            hidden.add(place.type() + (place.namespace().isEmpty() ? "" : " -n " + place.namespace()));
            return table;
        }
        try {
            history.get().list(place.type(), place.namespace(), null, from, version -> {
                add(table, new Version(version), version.bodyLength());
                return true;
            });
            history.get().changes(place.type(), place.namespace(), from, to, version -> {
                add(table, new Version(version), version.bodyLength());
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private void add(Map<ObjectKey, List<Version>> table, Version version, long size) {
        read++;
        bytes += size;
        List<Version> versions = table.computeIfAbsent(version.key(), _ -> new ArrayList<>());
        if (bytes > MOST_BYTES && versions.size() > 1) {
            cut.add(version.key().type());
            versions.remove(versions.size() / 2);
        }
        versions.add(version);
    }

    /** All versions of an object in the window, oldest first, with the one it had at its beginning. */
    public List<Version> versions(ObjectKey key) {
        return table(key.type(), key.namespace()).getOrDefault(key, List.of());
    }

    /** The objects of a type that existed at some time of the window. */
    public Set<ObjectKey> keys(ResourceType type, String namespace) {
        return Collections.unmodifiableSet(table(type, namespace).keySet());
    }

    /** The object as it was; empty if there was none. */
    public Optional<Version> at(ObjectKey key, long time) {
        Version found = null;
        for (Version version : versions(key)) {
            if (version.at() > time) {
                break;
            }
            found = version;
        }
        return Optional.ofNullable(found).filter(version -> !version.deleted());
    }

    /** The last version of an object in the window, which may be a deletion. */
    public Optional<Version> last(ObjectKey key) {
        List<Version> versions = versions(key);
        return versions.isEmpty() ? Optional.empty() : Optional.of(versions.getLast());
    }

    /** The objects that existed at a moment of the window. */
    public List<Version> list(ResourceType type, String namespace, long time) {
        List<Version> found = new ArrayList<>();
        for (ObjectKey key : keys(type, namespace)) {
            at(key, time).ifPresent(found::add);
        }
        return found;
    }

    /** What changed of an object in the window, oldest first: fields but those of its status, its creation and deletion. */
    public List<Change> changes(ObjectKey key) {
        List<Change> known = changes.get(key);
        if (known == null) {
            known = compare(versions(key));
            changes.put(key, known);
        }
        return known;
    }

    /** Changes of the objects of a type. */
    public List<Change> changes(ResourceType type, String namespace) {
        List<Change> all = new ArrayList<>();
        keys(type, namespace).forEach(key -> all.addAll(changes(key)));
        all.sort(Comparator.comparingLong(Change::at));
        return all;
    }

    private List<Change> compare(List<Version> versions) {
        List<Change> found = new ArrayList<>();
        Version before = null;
        for (Version version : versions) {
            if (version.deleted()) {
                if (before != null) {
                    found.add(new Change(before, before, Change.Operation.DELETED, "", null, null, version.at(), null));
                }
                before = null;
            } else if (before == null) {
                if (version.at() > from && version.at() - version.created() < SOON) {
                    found.add(new Change(
                            null, version, Change.Operation.CREATED, "", null, null, version.at(), creator(version)));
                }
                before = version;
            } else {
                fields(before, version, found);
                before = version;
            }
        }
        return found;
    }

    private void fields(Version before, Version version, List<Change> found) {
        for (FieldChange field :
                FieldDiff.between(before.body(), version.body()).fields()) {
            String path = field.path().toString();
            if (!path.startsWith("status")) {
                found.add(new Change(
                        before,
                        version,
                        Change.Operation.CHANGED,
                        path,
                        field.before(),
                        field.after(),
                        version.at(),
                        field.owner() == null ? manager(version) : Actor.of(field.owner(), Origins.of(this, version))));
            }
        }
    }

    /** Of a field that is gone no entry tells; who changed the object last, and just then, is the best claim there is. */
    private Actor manager(Version version) {
        JsonNode latest = null;
        for (JsonNode entry : version.get("metadata", "managedFields")) {
            boolean ofStatus = entry.path("subresource").asText("").equals("status");
            if (!ofStatus
                    && (latest == null
                            || entry.path("time")
                                            .asText("")
                                            .compareTo(latest.path("time").asText(""))
                                    >= 0)) {
                latest = entry;
            }
        }
        return latest == null
                ? null
                : new Actor(
                        latest.path("manager").asText(),
                        latest.path("operation").asText(),
                        latest.path("time").asText(""),
                        Origins.of(this, version));
    }

    private Actor creator(Version version) {
        JsonNode first = version.get("metadata", "managedFields").path(0);
        return first.isMissingNode()
                ? null
                : new Actor(
                        first.path("manager").asText(),
                        first.path("operation").asText(),
                        first.path("time").asText(""),
                        Origins.of(this, version));
    }

    /** Events about an object, oldest first. */
    public List<Notice> notices(ObjectKey key, String kind) {
        String namespace = key.namespace().isEmpty() ? "default" : key.namespace();
        return notices.computeIfAbsent(namespace, this::index).getOrDefault(kind + "/" + key.name(), List.of());
    }

    /** Events of a namespace. */
    public List<Notice> notices(String namespace) {
        List<Notice> all = new ArrayList<>();
        notices.computeIfAbsent(namespace, this::index).values().forEach(all::addAll);
        return all;
    }

    private Map<String, List<Notice>> index(String namespace) {
        Map<String, List<Notice>> index = new HashMap<>();
        for (ObjectKey key : keys(Types.EVENTS, namespace)) {
            List<Version> versions = new ArrayList<>(versions(key));
            versions.removeIf(Version::deleted);
            if (!versions.isEmpty()) {
                Notice notice = Notice.of(versions.getLast());
                if (notice.last() >= from) {
                    JsonNode about = notice.version().get("involvedObject");
                    index.computeIfAbsent(
                                    about.path("kind").asText() + "/"
                                            + about.path("name").asText(),
                                    _ -> new ArrayList<>())
                            .add(notice);
                }
            }
        }
        index.values().forEach(list -> list.sort(Comparator.comparingLong(Notice::first)));
        return index;
    }

    /** The object that controls another one; empty if it has none, or it was not recorded. */
    public Optional<Version> controller(Version version) {
        for (JsonNode reference : version.get("metadata", "ownerReferences")) {
            if (reference.path("controller").asBoolean()) {
                ResourceType type = Types.of(
                        reference.path("apiVersion").asText(),
                        reference.path("kind").asText());
                ObjectKey key = new ObjectKey(
                        type,
                        type.equals(Types.NODES) ? "" : version.key().namespace(),
                        reference.path("name").asText());
                String uid = reference.path("uid").asText();
                Predicate<Version> same = owner -> owner.uid().equals(uid);
                List<Version> versions = versions(key);
                return versions.reversed().stream().filter(same).findFirst();
            }
        }
        return Optional.empty();
    }

    /** The farthest controller of an object; the object itself if it has none. Cycles end where they began. */
    public Version root(Version version) {
        Version root = version;
        for (int steps = 0; steps < 8; steps++) {
            Optional<Version> owner = controller(root);
            if (owner.isEmpty() || owner.get().key().equals(version.key())) {
                return root;
            }
            root = owner.get();
        }
        return root;
    }
}
