/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.catalog.CommittedTables;
import dev.traversion.archive.node.NodeTables;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is known of one cluster through time. All reads see committed parts and the unsealed tail as one. Safe for concurrent use.
 *
 * <p>Reads throw {@link TraversionException} where stored bytes are damaged: never a silent skip.
 */
public interface History extends AutoCloseable {

    /** The uid of the cluster's namespace kube-system. */
    String clusterId();

    /** The first instant of which anything is known, ns. */
    long start();

    /** The last instant of which anything is known, ns: the newest change or coverage mark. */
    long end();

    /** Whether a recorder was still adding to it at the last {@link #refresh()}. */
    boolean live();

    /** Makes what was recorded since visible. Cheap if there is nothing new. */
    void refresh();

    /** The types which have any version (even only deletions) at or before {@code time}, in order. */
    List<ResourceType> types(long time);

    /** The object as it was at {@code time}; empty if it did not exist. The result stays valid. */
    Optional<ObjectVersion> get(ObjectKey key, long time);

    /**
     * The objects of a type that existed at {@code time}, in API list order.
     *
     * @param namespace only this namespace; {@code ""} for all
     * @param after only objects strictly after this key; null for all
     */
    void list(ResourceType type, String namespace, ObjectKey after, long time, ObjectVersion.Visitor visitor)
            throws IOException;

    /** All versions of a key observed in {@code [from, to]}, oldest first, deletions included, carry rows not. */
    void versions(ObjectKey key, long from, long to, ObjectVersion.Visitor visitor) throws IOException;

    /**
     * All versions of a type observed in {@code (from, to]}, in the order of observation (which is that of resourceVersion within
     * the type), deletions included: what a watch from {@code from} would have delivered.
     *
     * @param namespace only this namespace; {@code ""} for all
     */
    void changes(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException;

    /**
     * The same versions as {@link #changes}, in the order in which they are read quickest: those of one key oldest first, else in no
     * order. For who asks for all of a long stretch.
     */
    void unorderedChanges(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException;

    /** The resourceVersion a list of the type had at {@code time}: the newest seen in it by then; {@code ""} if none. */
    String resourceVersion(ResourceType type, long time);

    /**
     * The latest instant at which the type's {@link #resourceVersion} was not newer than the given one; empty if that lies before
     * the recording.
     */
    Optional<Long> timeOf(ResourceType type, String resourceVersion);

    /** When the last change of a type was observed, ns; empty if there is none. */
    OptionalLong lastChange(ResourceType type);

    /** Observed stretches and declared gaps of a type (of all types if null) that touch {@code [from, to]}, in order. */
    List<CoverageInterval> coverage(ResourceType type, long from, long to);

    /** What happened on the cluster's nodes. It knows of no permissions: whoever asks names the pods that may be seen. For one thread. */
    NodeTables nodes();

    /** What its store tells beside that. It knows of no permissions either. */
    RecordingFiles files();

    /** The tables of the cluster, for engines that read their files. It knows of no permissions. For one thread. */
    CommittedTables tables();

    @Override
    void close();
}
