/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.RecordingFiles;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.catalog.CommittedTables;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A history with nothing in it but what somebody may read, type by type and namespace by namespace. */
final class PermittedHistory implements History {

    /** Stands for all namespaces, and for none. */
    static final String ALL = "";

    private final History reachable;
    private final Map<ResourceType, Set<String>> permitted;

    /**
     * @param reachable as far as permissions reach in time
     * @param permitted the namespaces of each type
     */
    PermittedHistory(History reachable, Map<ResourceType, Set<String>> permitted) {
        this.reachable = reachable;
        this.permitted = Map.copyOf(permitted);
    }

    private boolean isPermitted(ResourceType type, String namespace) {
        Set<String> namespaces = permitted.getOrDefault(type, Set.of());
        return namespaces.contains(ALL) || namespaces.contains(namespace);
    }

    private boolean isPermitted(ObjectKey key) {
        return isPermitted(key.type(), key.namespace());
    }

    private ObjectVersion.Visitor permitted(ObjectVersion.Visitor visitor) {
        return version -> !isPermitted(version.key()) || visitor.visit(version);
    }

    @Override
    public List<ResourceType> types(long time) {
        return reachable.types(time).stream().filter(permitted::containsKey).toList();
    }

    @Override
    public Optional<ObjectVersion> get(ObjectKey key, long time) {
        return isPermitted(key) ? reachable.get(key, time) : Optional.empty();
    }

    @Override
    public void list(ResourceType type, String namespace, ObjectKey after, long time, ObjectVersion.Visitor visitor)
            throws IOException {
        if (permitted.containsKey(type)) {
            reachable.list(type, namespace, after, time, permitted(visitor));
        }
    }

    @Override
    public void versions(ObjectKey key, long from, long to, ObjectVersion.Visitor visitor) throws IOException {
        if (isPermitted(key)) {
            reachable.versions(key, from, to, visitor);
        }
    }

    @Override
    public void changes(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        if (permitted.containsKey(type)) {
            reachable.changes(type, namespace, from, to, permitted(visitor));
        }
    }

    @Override
    public void unorderedChanges(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        if (permitted.containsKey(type)) {
            reachable.unorderedChanges(type, namespace, from, to, permitted(visitor));
        }
    }

    @Override
    public String resourceVersion(ResourceType type, long time) {
        return reachable.resourceVersion(type, time);
    }

    @Override
    public Optional<Long> timeOf(ResourceType type, String resourceVersion) {
        return reachable.timeOf(type, resourceVersion);
    }

    @Override
    public OptionalLong lastChange(ResourceType type) {
        return permitted.containsKey(type) ? reachable.lastChange(type) : OptionalLong.empty();
    }

    @Override
    public List<CoverageInterval> coverage(ResourceType type, long from, long to) {
        return reachable.coverage(type, from, to);
    }

    @Override
    public NodeTables nodes() {
        return reachable.nodes();
    }

    @Override
    public RecordingFiles files() {
        return reachable.files();
    }

    @Override
    public CommittedTables tables() {
        return reachable.tables();
    }

    @Override
    public String clusterId() {
        return reachable.clusterId();
    }

    @Override
    public long start() {
        return reachable.start();
    }

    @Override
    public long end() {
        return reachable.end();
    }

    @Override
    public boolean live() {
        return reachable.live();
    }

    @Override
    public void refresh() {
        reachable.refresh();
    }

    @Override
    public void close() {
        reachable.close();
    }
}
