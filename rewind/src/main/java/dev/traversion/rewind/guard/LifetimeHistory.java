/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.guard;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.RecordingFiles;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.catalog.CommittedTables;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A history without what a namespace of the same name held before. Told by resourceVersion, since everything in the old namespace was
 * gone before the new one was created; Events, which many clusters keep in an etcd of their own, and versions that are no numbers
 * are told by time.
 */
final class LifetimeHistory implements History {

    private static final String EVENTS = "events";

    private final History whole;
    private final String namespace;
    private final String firstVersion;
    private final long begin;

    /**
     * @param firstVersion the first resourceVersion of the namespace itself
     * @param begin when it was observed, ns
     */
    LifetimeHistory(History whole, String namespace, String firstVersion, long begin) {
        this.whole = whole;
        this.namespace = namespace;
        this.firstVersion = firstVersion;
        this.begin = begin;
    }

    private boolean isVisible(ObjectVersion version) {
        ObjectKey key = version.key();
        String scope = key.type().equals(Lifetimes.NAMESPACES) ? key.name() : key.namespace();
        if (!scope.equals(namespace)) {
            return true;
        }
        boolean isOrdered = !key.type().resource().equals(EVENTS)
                && ResourceVersions.isNumeric(version.resourceVersion())
                && ResourceVersions.isNumeric(firstVersion);
        return isOrdered
                ? ResourceVersions.compare(version.resourceVersion(), firstVersion) >= 0
                : version.observedAt() >= begin;
    }

    private ObjectVersion.Visitor visible(ObjectVersion.Visitor visitor) {
        return version -> !isVisible(version) || visitor.visit(version);
    }

    @Override
    public Optional<ObjectVersion> get(ObjectKey key, long time) {
        return whole.get(key, time).filter(this::isVisible);
    }

    @Override
    public void list(ResourceType type, String within, ObjectKey after, long time, ObjectVersion.Visitor visitor)
            throws IOException {
        whole.list(type, within, after, time, visible(visitor));
    }

    @Override
    public void versions(ObjectKey key, long from, long to, ObjectVersion.Visitor visitor) throws IOException {
        whole.versions(key, from, to, visible(visitor));
    }

    @Override
    public void changes(ResourceType type, String within, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        whole.changes(type, within, from, to, visible(visitor));
    }

    @Override
    public void unorderedChanges(ResourceType type, String within, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        whole.unorderedChanges(type, within, from, to, visible(visitor));
    }

    @Override
    public NodeTables nodes() {
        return whole.nodes();
    }

    @Override
    public RecordingFiles files() {
        return whole.files();
    }

    @Override
    public CommittedTables tables() {
        return whole.tables();
    }

    @Override
    public String clusterId() {
        return whole.clusterId();
    }

    @Override
    public long start() {
        return whole.start();
    }

    @Override
    public long end() {
        return whole.end();
    }

    @Override
    public boolean live() {
        return whole.live();
    }

    @Override
    public void refresh() {
        whole.refresh();
    }

    @Override
    public List<ResourceType> types(long time) {
        return whole.types(time);
    }

    @Override
    public String resourceVersion(ResourceType type, long time) {
        return whole.resourceVersion(type, time);
    }

    @Override
    public Optional<Long> timeOf(ResourceType type, String resourceVersion) {
        return whole.timeOf(type, resourceVersion);
    }

    @Override
    public OptionalLong lastChange(ResourceType type) {
        return whole.lastChange(type);
    }

    @Override
    public List<CoverageInterval> coverage(ResourceType type, long from, long to) {
        return whole.coverage(type, from, to);
    }

    @Override
    public void close() {
        whole.close();
    }
}
