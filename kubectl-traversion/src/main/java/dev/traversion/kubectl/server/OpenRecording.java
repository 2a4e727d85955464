/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.archive.History;
import dev.traversion.archive.Layout;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.node.NodeTables;
import dev.traversion.archive.parquet.TableSchema;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.archive.table.RecordingTable;
import dev.traversion.kubectl.time.TimeExpression;
import dev.traversion.kubectl.time.TimeResolver;
import dev.traversion.rewind.cluster.ServedCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One cluster of a recording, for commands that read it themselves. */
public final class OpenRecording implements AutoCloseable {

    private final Store store;
    private final Recording recording;
    private final ServedCluster cluster;

    /**
     * Opens it.
     *
     * @param location absolute
     * @param cluster id or the beginning of one; may be {@code ""} if there is only one
     * @throws TraversionException if there is no recording, or it holds nothing
     */
    public OpenRecording(String location, String cluster) throws IOException {
        this(location, cluster, false);
    }

    /** As the other, also if nothing of the API was recorded, but only what happened on nodes. */
    public static OpenRecording ofNodes(String location, String cluster) throws IOException {
        return new OpenRecording(location, cluster, true);
    }

    /**
     * As the others, of files that lie elsewhere.
     *
     * @param store closed with it
     */
    public static OpenRecording of(Store store) throws IOException {
        return new OpenRecording(store, store.location(), "", true);
    }

    private OpenRecording(String location, String cluster, boolean isEmptyAllowed) throws IOException {
        this(Stores.open(location), location, cluster, isEmptyAllowed);
    }

    private OpenRecording(Store store, String location, String cluster, boolean isEmptyAllowed) throws IOException {
        this.store = store;
        try {
            String id = choose(cluster, Recordings.clusters(store), location);
            this.recording = isEmptyAllowed
                    ? Recording.open(store, id, RecordingOptions.defaults())
                    : openNonEmpty(store, location, id);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
        this.cluster = new ServedCluster(recording);
    }

    public History history() {
        return recording;
    }

    /** What happened on the cluster's nodes. */
    public NodeTables nodes() {
        return new NodeTables(store, new Layout(recording.clusterId()), copies());
    }

    /** The data files of a table on this machine. */
    public List<Path> files(String table, TableSchema schema) throws IOException {
        RecordingTable committed = new RecordingTable(store, new Layout(recording.clusterId()).table(table), schema);
        committed.refreshFromNewest();
        List<Path> files = new ArrayList<>();
        for (RecordingTable.File file : committed.files()) {
            files.add(copies().get(file.path()));
        }
        return files;
    }

    private LocalCopies copies() {
        RecordingOptions options = RecordingOptions.defaults();
        return new LocalCopies(store, options.cache(), options.cacheBytes());
    }

    /** @param namespace of the object a time may name; {@code ""} for the default one */
    public Instant resolve(TimeExpression time, ZoneId zone, String namespace) {
        return new TimeResolver(Clock.systemUTC(), zone).resolve(time, new ServedRecording(cluster, namespace));
    }

    /**
     * The types a name means to kubectl.
     *
     * @throws TraversionException if it means none
     */
    public Set<ResourceType> types(String name, Instant at) throws IOException {
        Set<ResourceType> types = new TypeNames(cluster.discovery().at(Times.nanos(at))).find(name);
        if (types.isEmpty()) {
            throw new TraversionException(
                    "The recording knows no resource \"" + name + "\". See: kubectl traversion at now api-resources");
        }
        return types;
    }

    /**
     * {@code complete}, or {@code incomplete: } and why, of some types or of all if there are none.
     *
     * @param namespace asked for; {@code ""} for all
     */
    public String completeness(Set<ResourceType> types, String namespace, Instant at) {
        long time = Times.nanos(at);
        Set<ResourceType> stored = new TreeSet<>();
        types.forEach(type -> stored.add(cluster.storedType(type, time)));
        return new ServedRecording(cluster, "").completeness(stored, namespace, time);
    }

    static Recording openNonEmpty(Store store, String location, String id) throws IOException {
        Recording recording = Recording.open(store, id, RecordingOptions.defaults());
        if (recording.types(Long.MAX_VALUE).isEmpty()) {
            recording.close();
            throw new TraversionException("The recording in " + location + " is empty: nothing was recorded in it yet."
                    + " Record first: kubectl traversion record --to " + location);
        }
        return recording;
    }

    static String match(String given, List<String> ids) {
        List<String> matching = ids.stream().filter(id -> id.startsWith(given)).toList();
        if (matching.size() == 1) {
            return matching.getFirst();
        }
        throw new TraversionException((matching.isEmpty() ? "There is no cluster " : "There are several clusters ")
                + given + " in this recording. It has: " + String.join(", ", ids));
    }

    static String choose(String given, List<String> ids, String location) {
        if (!given.isEmpty()) {
            return match(given, ids);
        }
        if (ids.size() > 1) {
            throw new TraversionException(location + " holds " + ids.size()
                    + " clusters. Choose one with --cluster ID: " + String.join(", ", ids));
        }
        return ids.getFirst();
    }

    @Override
    public void close() {
        cluster.close();
        recording.close();
        store.close();
    }
}
