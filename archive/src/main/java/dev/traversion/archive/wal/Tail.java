/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.part.RawVersion;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.part.VersionSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The changes that are in no part yet, found by key and by time. One thread adds; others read at the same time, and see of a type
 * all that was added up to some point. References to entries are copied under a lock, bodies decoded outside it, so a slow reader
 * holds nobody up.
 */
public final class Tail implements VersionSource {

    private static final class OfType {
        final TreeMap<ObjectKey, List<TailEntry>> byKey = new TreeMap<>();
        final List<TailEntry> byTime = new ArrayList<>();
    }

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final TreeMap<ResourceType, OfType> types = new TreeMap<>();
    private long size;

    void add(TailEntry entry) {
        lock.writeLock().lock();
        try {
            OfType type = types.computeIfAbsent(entry.key().type(), any -> new OfType());
            List<TailEntry> versions = type.byKey.computeIfAbsent(entry.key(), any -> new ArrayList<>(2));
            if (!versions.isEmpty()) {
                versions.getLast().endAt(entry.observedAt());
            }
            versions.add(entry);
            String newest = type.byTime.isEmpty() ? "" : type.byTime.getLast().newestVersion();
            entry.newestVersion(
                    newest.isEmpty() || ResourceVersions.compare(entry.resourceVersion(), newest) >= 0
                            ? entry.resourceVersion()
                            : newest);
            type.byTime.add(entry);
            size++;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** The number of changes. */
    public long size() {
        lock.readLock().lock();
        try {
            return size;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** All changes in the order of (key, resourceVersion), as a part stores them. */
    public VersionCursor sorted() {
        return read(() -> {
            List<TailEntry> all = new ArrayList<>();
            for (OfType type : types.values()) {
                for (List<TailEntry> versions : type.byKey.values()) {
                    List<TailEntry> sorted = new ArrayList<>(versions);
                    sorted.sort((a, b) -> ResourceVersions.compare(a.resourceVersion(), b.resourceVersion()));
                    all.addAll(sorted);
                }
            }
            return new DecodingCursor(all);
        });
    }

    @Override
    public List<ResourceType> types(long time) {
        return read(() -> types.entrySet().stream()
                .filter(type -> type.getValue().byTime.getFirst().observedAt() <= time)
                .map(Map.Entry::getKey)
                .toList());
    }

    @Override
    public Optional<ObjectVersion> last(ObjectKey key, long time) {
        return read(() -> {
            OfType type = types.get(key.type());
            return Optional.ofNullable(type == null ? null : lastOf(type.byKey.get(key), time));
        });
    }

    @Override
    public VersionCursor states(ResourceType type, String namespace, ObjectKey after, long time) {
        return read(() -> {
            List<TailEntry> states = new ArrayList<>();
            OfType of = types.get(type);
            if (of != null) {
                Map<ObjectKey, List<TailEntry>> from = after == null ? of.byKey : of.byKey.tailMap(after, false);
                from.forEach((key, versions) -> {
                    TailEntry last =
                            namespace.isEmpty() || namespace.equals(key.namespace()) ? lastOf(versions, time) : null;
                    if (last != null) {
                        states.add(last);
                    }
                });
            }
            return new ListCursor(states);
        });
    }

    @Override
    public boolean versions(ObjectKey key, long from, long to, ObjectVersion.Visitor visitor) throws IOException {
        List<TailEntry> versions = read(() -> {
            OfType type = types.get(key.type());
            List<TailEntry> all = type == null ? null : type.byKey.get(key);
            return all == null ? List.of() : between(all, from, to);
        });
        return visit(versions, visitor);
    }

    @Override
    public boolean changes(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        List<TailEntry> changes = read(() -> {
            OfType of = types.get(type);
            return of == null || from == Long.MAX_VALUE ? List.of() : between(of.byTime, from + 1, to);
        });
        return visit(
                namespace.isEmpty()
                        ? changes
                        : changes.stream()
                                .filter(entry -> entry.key().namespace().equals(namespace))
                                .toList(),
                visitor);
    }

    @Override
    public String resourceVersion(ResourceType type, long time) {
        return read(() -> {
            OfType of = types.get(type);
            TailEntry last = of == null ? null : lastOf(of.byTime, time);
            return last == null ? "" : last.newestVersion();
        });
    }

    @Override
    public OptionalLong firstNewer(ResourceType type, String resourceVersion) {
        return read(() -> {
            OfType of = types.get(type);
            if (of == null) {
                return OptionalLong.empty();
            }
            // newestVersion never falls, so the first entry that raises it above is found by bisection.
            int low = 0;
            int high = of.byTime.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (ResourceVersions.compare(of.byTime.get(middle).newestVersion(), resourceVersion) > 0) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return low < of.byTime.size() ? OptionalLong.of(of.byTime.get(low).observedAt()) : OptionalLong.empty();
        });
    }

    @Override
    public OptionalLong firstChange(ResourceType type) {
        return read(() -> {
            OfType of = types.get(type);
            return of == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(of.byTime.getFirst().observedAt());
        });
    }

    @Override
    public OptionalLong lastChange(ResourceType type) {
        return read(() -> {
            OfType of = types.get(type);
            return of == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(of.byTime.getLast().observedAt());
        });
    }

    private interface Read<T> {
        T get();
    }

    private <T> T read(Read<T> read) {
        lock.readLock().lock();
        try {
            return read.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    private static boolean visit(List<TailEntry> entries, ObjectVersion.Visitor visitor) throws IOException {
        for (TailEntry entry : entries) {
            if (!visitor.visit(entry)) {
                return false;
            }
        }
        return true;
    }

    private static TailEntry lastOf(List<TailEntry> entries, long time) {
        int count = entries == null ? 0 : countUpTo(entries, time);
        return count == 0 ? null : entries.get(count - 1);
    }

    private static List<TailEntry> between(List<TailEntry> entries, long from, long to) {
        int first = from == Long.MIN_VALUE ? 0 : countUpTo(entries, from - 1);
        int last = countUpTo(entries, to);
        return first >= last ? List.of() : new ArrayList<>(entries.subList(first, last));
    }

    /** How many entries were observed at or before a time; times rise within a type. */
    private static int countUpTo(List<TailEntry> entries, long time) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).observedAt() <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Decodes each body from the one before it, where it is a delta against that. */
    private static final class DecodingCursor implements VersionCursor {
        private final Iterator<TailEntry> entries;
        private TailEntry entry;
        private byte[] body;
        private RawVersion current;

        DecodingCursor(List<TailEntry> entries) {
            this.entries = entries.iterator();
        }

        @Override
        public boolean next() {
            if (!entries.hasNext()) {
                current = null;
                return false;
            }
            TailEntry following = entries.next();
            body = following.body(entry, body);
            entry = following;
            current = following.withBody(body);
            return true;
        }

        @Override
        public ObjectVersion current() {
            return current;
        }

        @Override
        public void close() {}
    }

    private static final class ListCursor implements VersionCursor {
        private final Iterator<TailEntry> entries;
        private TailEntry current;

        ListCursor(List<TailEntry> entries) {
            this.entries = entries.iterator();
        }

        @Override
        public boolean next() {
            current = entries.hasNext() ? entries.next() : null;
            return current != null;
        }

        @Override
        public ObjectVersion current() {
            return current;
        }

        @Override
        public void close() {}
    }
}
