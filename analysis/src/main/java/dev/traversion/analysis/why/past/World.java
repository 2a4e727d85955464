/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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

    /** Versions known of at most, of about 150 bytes each; of what is more only an object's first and latest. */
    private static final long MOST_VERSIONS = 1_000_000;

    /** So many runs of containers are asked for what they logged at most: each time all of that stretch is read. */
    private static final int MOST_LOGS = 200;

    private record Place(ResourceType type, String namespace) {}

    private final Gate gate;
    private final Kernel kernel;
    private final long from;
    private final long to;
    private final Map<Place, Map<ObjectKey, List<Version>>> tables = new HashMap<>();
    private final Map<Place, History> opened = new HashMap<>();
    private final Map<ObjectKey, List<Change>> changes = new HashMap<>();
    private final Map<String, Object> remembered = new HashMap<>();
    private final Set<String> hidden = new TreeSet<>();
    private final Set<ResourceType> closed = new TreeSet<>();
    private final Set<ResourceType> cut = new TreeSet<>();
    private final Bodies bodies = new Bodies();
    private final Notices notices = new Notices(this);
    private final Heads heads = new Heads(this);
    private long read;
    private int logs;

    /**
     * Reads nothing yet.
     *
     * @param from ns
     * @param to ns, inclusive
     */
    public World(Gate gate, long from, long to) {
        this(gate, Kernel.NONE, from, to);
    }

    /** The same with what agents saw on the nodes. */
    public World(Gate gate, Kernel kernel, long from, long to) {
        this.gate = gate;
        this.kernel = kernel;
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

    /** How many versions are known of. */
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

    /**
     * Whether what is not found was not there: the type is recorded, and may be read. Nothing follows from the absence of what is
     * hidden.
     */
    public boolean knows(ResourceType type, String namespace) {
        table(type, namespace);
        History history = opened.getOrDefault(new Place(type, namespace), opened.get(new Place(type, "")));
        return history != null && !history.coverage(type, from, to).isEmpty();
    }

    /** All types that are recorded, as far as they may be known of. */
    public Set<ResourceType> recorded() {
        Set<ResourceType> found = remember("recorded", new ObjectKey(new ResourceType("", "types"), "", ""), () -> {
            Set<ResourceType> types = new TreeSet<>();
            new LinkedHashSet<>(opened.values()).forEach(history -> types.addAll(history.types(to)));
            return types;
        });
        return Collections.unmodifiableSet(found);
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
            Map<ObjectKey, List<Version>> all = closed.contains(type) ? null : tables.get(new Place(type, ""));
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
            if (place.namespace().isEmpty()) {
                closed.add(place.type());
            }
            hidden.add(place.type() + (place.namespace().isEmpty() ? "" : " -n " + place.namespace()));
            return table;
        }
        opened.put(place, history.get());
        try {
            history.get().list(place.type(), place.namespace(), null, from, version -> {
                add(table, history.get(), version);
                return true;
            });
            history.get().changes(place.type(), place.namespace(), from, to, version -> {
                add(table, history.get(), version);
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private void add(Map<ObjectKey, List<Version>> table, History history, ObjectVersion version) {
        read++;
        List<Version> versions = table.computeIfAbsent(version.key(), _ -> new ArrayList<>(2));
        if (read > MOST_VERSIONS && versions.size() > 1) {
            cut.add(version.key().type());
            versions.remove(versions.size() / 2);
        }
        versions.add(new Version(history, bodies, version, versions.isEmpty() ? null : versions.getLast(), from));
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
            known = Comparison.of(this, versions(key));
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

    /**
     * What agents saw of a pod.
     *
     * @param since ns
     * @param until ns
     * @return empty if there was none on its node
     */
    public Optional<List<Kernel.Happening>> happenings(Version pod, long since, long until) {
        try {
            return kernel.of(pod, since, until);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The last lines that a container of a pod logged, if that was recorded and may be read; oldest first.
     *
     * @param restart which of its runs, from 0
     * @param until ns
     */
    public List<String> lastLines(Version pod, String container, long restart, long until) {
        return remember("lines " + container + " " + restart + " " + until, pod.key(), () -> {
            try {
                boolean isMeant = restart >= 0 && logs < MOST_LOGS && kernel.hasLogs() && mayReadLogs(pod);
                logs += isMeant ? 1 : 0;
                return isMeant ? kernel.lastLines(pod, container, restart, until) : List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Who may read logs may read those of the pods that their permission reaches. */
    private boolean mayReadLogs(Version pod) {
        String namespace = pod.key().namespace();
        Optional<History> open =
                remember("logs", new ObjectKey(Types.LOGS, namespace, ""), () -> gate.open(Types.LOGS, namespace));
        if (open.isEmpty()) {
            hidden.add(Types.LOGS + " -n " + namespace);
        }
        return open.isPresent() && open.get().get(pod.key(), pod.read()).isPresent();
    }

    /**
     * What a container of a pod used, as agents saw it: of its latest run that they know of, by time.
     *
     * @param container its name
     * @param since ns
     * @param until ns
     */
    public List<Kernel.Sample> usage(Version pod, String container, long since, long until) {
        try {
            List<Kernel.Sample> all = kernel.usage(pod, since, until).orElse(List.of());
            Set<String> ids = new TreeSet<>();
            for (Version version : versions(pod.key())) {
                for (JsonNode status : version.get("status", "containerStatuses")) {
                    if (status.path("name").asText().equals(container)) {
                        for (JsonNode id : status.findValues("containerID")) {
                            ids.add(id.asText().replaceFirst("^[a-z0-9-]+://", ""));
                        }
                    }
                }
            }
            List<Kernel.Sample> its =
                    all.stream().filter(each -> ids.contains(each.container())).toList();
            return its.stream()
                    .filter(each -> each.container().equals(its.getLast().container()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Events about an object, oldest first. */
    public List<Notice> notices(ObjectKey key, String kind) {
        return notices.of(key, kind);
    }

    /** The objects of a type whose ownerReferences name one of these uids. */
    public Set<ObjectKey> owned(ResourceType type, String namespace, String uid) {
        return heads.owned(type, namespace, uid);
    }

    /** The objects of a type that at some time of the window had all labels of a selector of pairs, and it has some. */
    public Set<ObjectKey> selected(ResourceType type, String namespace, JsonNode pairs) {
        return heads.selected(type, namespace, pairs);
    }

    /** The objects of a type in groups of those that were made alike: by one owner, in one revision. */
    public Collection<List<ObjectKey>> alike(ResourceType type, String namespace) {
        return heads.alike(type, namespace);
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
                // Of one whose deletion nobody saw, the last version says nothing but that.
                return versions.reversed().stream()
                        .filter(same)
                        .filter(owner -> !owner.get("metadata").isMissingNode())
                        .findFirst();
            }
        }
        return Optional.empty();
    }

    /**
     * The farthest controller of an object that has a template of pods, or else the farthest; the object itself if it has none. Cycles
     * end where they began. A node owns the pods that its kubelet read from files, but they are not made of it.
     */
    public Version root(Version version) {
        Version root = version;
        Version maker = version.hasTemplate() ? version : null;
        for (int steps = 0; steps < 8; steps++) {
            Optional<Version> owner = controller(root);
            if (owner.filter(each -> !each.key().equals(version.key())
                            && !each.key().type().equals(Types.NODES))
                    .isEmpty()) {
                break;
            }
            root = owner.get();
            maker = root.hasTemplate() ? root : maker;
        }
        return maker == null ? root : maker;
    }
}
