/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

import dev.traversion.archive.Change;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.part.RawVersion;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.part.VersionSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;

/** Changes in memory, found by looking at all of them: the model to compare with, and a tail for tests. */
public final class MemorySource implements VersionSource {

    private final List<Change> changes;
    private final TreeMap<ObjectKey, List<RawVersion>> byKey = new TreeMap<>();

    /** @param changes in the order of observation within each type */
    public MemorySource(List<Change> changes) {
        this.changes = List.copyOf(changes);
        for (Change change : changes) {
            byKey.computeIfAbsent(change.key(), key -> new ArrayList<>()).add(version(change, Long.MAX_VALUE));
        }
        byKey.values().forEach(MemorySource::chain);
    }

    private static RawVersion version(Change change, long validTo) {
        return new RawVersion(
                change.key(),
                change.kind(),
                change.uid(),
                change.resourceVersion(),
                change.observedAt(),
                validTo,
                change.operation(),
                change.body());
    }

    private static void chain(List<RawVersion> versions) {
        for (int i = 0; i + 1 < versions.size(); i++) {
            RawVersion v = versions.get(i);
            versions.set(
                    i,
                    new RawVersion(
                            v.key(),
                            v.kind(),
                            v.uid(),
                            v.resourceVersion(),
                            v.observedAt(),
                            versions.get(i + 1).observedAt(),
                            v.operation(),
                            v.wholeBody()));
        }
    }

    /** All changes by key, as a sealer wants them. */
    public Iterable<List<RawVersion>> keys() {
        return byKey.values();
    }

    @Override
    public List<ResourceType> types(long time) {
        TreeSet<ResourceType> types = new TreeSet<>();
        for (Change change : changes) {
            if (change.observedAt() <= time) {
                types.add(change.key().type());
            }
        }
        return List.copyOf(types);
    }

    @Override
    public Optional<ObjectVersion> last(ObjectKey key, long time) {
        return Optional.ofNullable(lastOf(byKey.getOrDefault(key, List.of()), time));
    }

    private static RawVersion lastOf(List<RawVersion> versions, long time) {
        RawVersion last = null;
        for (RawVersion version : versions) {
            last = version.observedAt() <= time ? version : last;
        }
        return last;
    }

    /** Those that existed at a time, in key order. */
    public List<RawVersion> alive(ResourceType type, String namespace, ObjectKey after, long time) {
        List<RawVersion> alive = new ArrayList<>(lasts(type, namespace, after, time));
        alive.removeIf(version -> version.operation() == Operation.DELETED);
        return alive;
    }

    private List<RawVersion> lasts(ResourceType type, String namespace, ObjectKey after, long time) {
        List<RawVersion> lasts = new ArrayList<>();
        byKey.forEach((key, versions) -> {
            boolean wanted = key.type().equals(type)
                    && (namespace.isEmpty() || key.namespace().equals(namespace))
                    && (after == null || key.compareTo(after) > 0);
            RawVersion last = wanted ? lastOf(versions, time) : null;
            if (last != null) {
                lasts.add(last);
            }
        });
        return lasts;
    }

    @Override
    public VersionCursor states(ResourceType type, String namespace, ObjectKey after, long time) {
        Iterator<RawVersion> versions = lasts(type, namespace, after, time).iterator();
        return new VersionCursor() {
            private ObjectVersion current;

            @Override
            public boolean next() {
                current = versions.hasNext() ? versions.next() : null;
                return current != null;
            }

            @Override
            public ObjectVersion current() {
                if (current == null) {
                    throw new NoSuchElementException();
                }
                return current;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public boolean versions(ObjectKey key, long from, long to, ObjectVersion.Visitor visitor) throws IOException {
        for (RawVersion version : byKey.getOrDefault(key, List.of())) {
            boolean wanted = version.observedAt() >= from && version.observedAt() <= to;
            if (wanted && !visitor.visit(version)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean changes(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        List<RawVersion> found = new ArrayList<>();
        byKey.forEach((key, versions) -> {
            if (key.type().equals(type)
                    && (namespace.isEmpty() || key.namespace().equals(namespace))) {
                versions.stream()
                        .filter(version -> version.observedAt() > from && version.observedAt() <= to)
                        .forEach(found::add);
            }
        });
        found.sort(Comparator.comparingLong(RawVersion::observedAt));
        for (RawVersion version : found) {
            if (!visitor.visit(version)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String resourceVersion(ResourceType type, long time) {
        String greatest = "";
        for (Change change : changes) {
            boolean counts = change.key().type().equals(type) && change.observedAt() <= time;
            if (counts && (greatest.isEmpty() || ResourceVersions.compare(change.resourceVersion(), greatest) > 0)) {
                greatest = change.resourceVersion();
            }
        }
        return greatest;
    }

    @Override
    public OptionalLong firstNewer(ResourceType type, String resourceVersion) {
        return changes.stream()
                .filter(change -> change.key().type().equals(type))
                .filter(change -> ResourceVersions.compare(change.resourceVersion(), resourceVersion) > 0)
                .mapToLong(Change::observedAt)
                .min();
    }

    @Override
    public OptionalLong firstChange(ResourceType type) {
        return changes.stream()
                .filter(change -> change.key().type().equals(type))
                .mapToLong(Change::observedAt)
                .min();
    }

    @Override
    public OptionalLong lastChange(ResourceType type) {
        return changes.stream()
                .filter(change -> change.key().type().equals(type))
                .mapToLong(Change::observedAt)
                .max();
    }
}
