/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.analysis.Scope;
import dev.traversion.archive.History;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.time.TimeExpression;
import dev.traversion.kubectl.time.TimeResolver;
import dev.traversion.rewind.cluster.ServedCluster;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** A recorded cluster, read in this process: for what needs its history and no server. */
public final class OpenedRecording implements AutoCloseable {

    private final Store store;
    private final Recording history;
    private final ServedCluster cluster;

    private OpenedRecording(Store store, Recording history) {
        this.store = store;
        this.history = history;
        this.cluster = new ServedCluster(history);
    }

    /** Opens the recording of one of the clusters in a location. */
    public static OpenedRecording open(String location, String clusterId) throws IOException {
        Store store = Stores.open(location);
        try {
            return new OpenedRecording(store, Recording.open(store, clusterId, RecordingOptions.defaults()));
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    public History history() {
        return history;
    }

    /** @param namespace of the objects times may name */
    public Instant resolve(TimeExpression time, TimeResolver resolver, String namespace) {
        return resolver.resolve(time, new ServedRecording(cluster, namespace));
    }

    /**
     * What a target means: {@code ""}, {@code pods}, {@code pods,deploy} or {@code deploy/checkout}.
     *
     * @throws TraversionException if it names no resource
     */
    public Scope scope(String target, String namespace, Instant instant) throws IOException {
        if (target.isEmpty()) {
            return new Scope(Set.of(), namespace, "");
        }
        int slash = target.indexOf('/');
        String typeNames = slash < 0 ? target : target.substring(0, slash);
        long time = Times.nanos(instant);
        TypeNames names = new TypeNames(cluster.discovery().at(time));
        Set<ResourceType> types = new LinkedHashSet<>();
        for (String name : typeNames.split(",", -1)) {
            Set<ResourceType> found = names.find(name);
            if (found.isEmpty()) {
                throw new TraversionException("The recording knows no resource \"" + name
                        + "\". See: kubectl traversion at now api-resources");
            }
            found.forEach(type -> types.add(cluster.storedType(type, time)));
        }
        return new Scope(types, namespace, slash < 0 ? "" : target.substring(slash + 1));
    }

    @Override
    public void close() {
        cluster.close();
        history.close();
        store.close();
    }
}
