/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.catalog.CommittedTables;
import dev.traversion.archive.node.NodeTables;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartGoneException;
import dev.traversion.archive.part.PartHandle;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The recording of one cluster, read from its parts and its tail. Reads go on with what they began with while {@link #refresh()}
 * brings in what is new.
 */
public final class Recording implements History {

    private final String clusterId;
    private final RecordingLog log;
    private final LocalCopies copies;
    private final PartCaches caches;
    private volatile RecordingView view;

    private Recording(String clusterId, RecordingLog log, LocalCopies copies, PartCaches caches) {
        this.clusterId = clusterId;
        this.log = log;
        this.copies = copies;
        this.caches = caches;
    }

    /**
     * Opens the recording of a cluster.
     *
     * @param store not closed with the recording
     * @param clusterId one of {@link Recordings#clusters}
     * @throws TraversionException if there is none, if it is damaged, or of a newer format
     */
    public static Recording open(Store store, String clusterId, RecordingOptions options) throws IOException {
        Recordings.check(store, clusterId);
        LocalCopies copies = new LocalCopies(store, options.cache(), options.cacheBytes());
        RecordingLog log = new StoreRecordingLog(store, new Layout(clusterId), copies, Clock.systemUTC());
        PartCaches caches = new PartCaches(options.indexBytes(), options.pageBytes());
        try {
            return of(clusterId, log, copies, caches);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Reads what a log follows; it is closed with the recording. */
    static Recording of(String clusterId, RecordingLog log, LocalCopies copies, PartCaches caches) {
        Recording recording = new Recording(clusterId, log, copies, caches);
        recording.refresh();
        return recording;
    }

    @Override
    public NodeTables nodes() {
        return new NodeTables(copies.store(), new Layout(clusterId), copies);
    }

    @Override
    public RecordingFiles files() {
        return new RecordingFiles(copies.store(), clusterId, copies);
    }

    @Override
    public CommittedTables tables() {
        return new CommittedTables(copies.store(), new Layout(clusterId));
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public long start() {
        return view.state().start();
    }

    @Override
    public long end() {
        return view.state().end();
    }

    @Override
    public boolean live() {
        return view.state().live();
    }

    @Override
    public synchronized void refresh() {
        RecordingState state;
        try {
            state = log.load();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RecordingView before = view;
        if (before != null && before.state().equals(state)) {
            return;
        }
        Map<String, PartHandle> known = new HashMap<>();
        if (before != null) {
            before.parts().forEach(part -> known.put(part.file().path(), part));
        }
        List<PartHandle> parts = new ArrayList<>();
        for (PartFile part : state.parts()) {
            PartHandle handle = known.get(part.path());
            parts.add(handle != null ? handle : new PartHandle(part, copies, caches));
        }
        view = new RecordingView(state, parts, this::renewed);
    }

    /** What was replaced or forgotten since is read anew. */
    private RecordingView renewed(RecordingView outdated, PartGoneException cause) {
        if (view.state().parts().equals(outdated.state().parts())) {
            refresh();
        }
        RecordingView renewed = view;
        if (renewed.state().parts().equals(outdated.state().parts())) {
            throw cause;
        }
        return renewed;
    }

    @FunctionalInterface
    private interface Read<T> {
        T from(RecordingView view) throws IOException;
    }

    private <T> T read(Read<T> read) throws IOException {
        RecordingView current = view;
        while (true) {
            try {
                return read.from(current);
            } catch (PartGoneException e) {
                current = renewed(current, e);
            }
        }
    }

    private <T> T readUnchecked(Read<T> read) {
        try {
            return read(read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<ResourceType> types(long time) {
        return readUnchecked(current -> List.copyOf(current.types(time)));
    }

    @Override
    public Optional<ObjectVersion> get(ObjectKey key, long time) {
        return readUnchecked(current -> current.get(key, time));
    }

    @Override
    public void list(ResourceType type, String namespace, ObjectKey after, long time, ObjectVersion.Visitor visitor)
            throws IOException {
        // Its one part is opened before the first visit.
        read(current -> {
            current.list(type, namespace, after, time, visitor);
            return null;
        });
    }

    @Override
    public void versions(ObjectKey key, long from, long to, ObjectVersion.Visitor visitor) throws IOException {
        long[] next = {from};
        read(current -> {
            current.versions(key, next[0], to, version -> {
                next[0] = version.observedAt() + 1;
                return visitor.visit(version);
            });
            return null;
        });
    }

    @Override
    public void changes(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        long[] last = {from};
        read(current -> {
            current.changes(type, namespace, last[0], to, version -> {
                last[0] = version.observedAt();
                return visitor.visit(version);
            });
            return null;
        });
    }

    @Override
    public void unorderedChanges(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        read(current -> {
            current.unorderedChanges(type, namespace, from, to, visitor);
            return null;
        });
    }

    @Override
    public String resourceVersion(ResourceType type, long time) {
        return readUnchecked(current -> current.resourceVersion(type, time));
    }

    @Override
    public Optional<Long> timeOf(ResourceType type, String resourceVersion) {
        return readUnchecked(current -> current.timeOf(type, resourceVersion));
    }

    @Override
    public OptionalLong lastChange(ResourceType type) {
        return readUnchecked(current -> current.lastChange(type));
    }

    @Override
    public List<CoverageInterval> coverage(ResourceType type, long from, long to) {
        return view.coverage(type, from, to);
    }

    @Override
    public void close() {
        log.close();
        caches.clear();
    }
}
