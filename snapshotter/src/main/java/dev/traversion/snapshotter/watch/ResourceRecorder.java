/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import com.fasterxml.jackson.core.JacksonException;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingSink;
import dev.traversion.masking.Masking;
import dev.traversion.snapshotter.RecordingClock;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes what is seen of one resource: which of it is new, what was deleted unseen, and masked. Its stream and the heartbeat use it. */
final class ResourceRecorder {

    private static final byte[] NO_BODY = {};

    private final Masking masking;
    private final NamespaceSelection namespaces;
    private final KnownObjects known = new KnownObjects();
    private final StreamCoverage coverage;
    private final StreamStatus status;
    private volatile ServedResource resource;

    /** Objects whose present version could not be recorded, and why. Until they change, or are gone, nothing is complete. */
    private final Map<ObjectKey, String> unrecorded = new HashMap<>();

    /** Why something could not be recorded of which not even the name is known; {@code ""} if all was. Until the next list. */
    private volatile String unreadable = "";

    /**
     * @param namespaces whose objects are recorded
     * @param after no time is at or before this one, ns: the end of what was recorded earlier
     */
    ResourceRecorder(
            ServedResource resource,
            RecordingSink sink,
            Masking masking,
            NamespaceSelection namespaces,
            RecordingClock clock,
            StreamStatus status,
            long after) {
        this.resource = resource;
        this.masking = masking;
        this.namespaces = namespaces;
        this.status = status;
        this.coverage = new StreamCoverage(resource.type(), sink, clock, status, after);
    }

    KnownObjects known() {
        return known;
    }

    /** What is known to be observed, and up to which version. */
    StreamCoverage coverage() {
        return coverage;
    }

    StreamStatus status() {
        return status;
    }

    /** Goes on with a resource that vanished and is served again, maybe in another version: then all objects are written again. */
    void serve(ServedResource now) {
        if (!now.equals(resource)) {
            known.forgetVersions();
            resource = now;
        }
        status.listing();
    }

    /** Notes an object of a list. */
    void listed(byte[] object, int offset, int length) throws InterruptedException {
        ObjectMetadata metadata = read(object, offset, length);
        if (metadata == null || !namespaces.isRecorded(metadata.namespace())) {
            return;
        }
        ObjectKey key = key(metadata);
        Operation operation = known.list(key, metadata.resourceVersion());
        if (operation == null) {
            return;
        }
        KnownObjects.Known before = known.get(key);
        if (before != null && !before.uid().equals(metadata.uid())) {
            // Deleted and created again meanwhile: the deletion itself was not seen.
            append(
                    key,
                    tombstone(before.uid(), justBefore(metadata.resourceVersion(), before.resourceVersion())),
                    Operation.DELETED,
                    NO_BODY);
            operation = Operation.ADDED;
        }
        write(key, metadata, operation, object, offset, length);
    }

    /** Begins a list: what could not be read before may be readable now. */
    void beginList() {
        known.beginList();
        unreadable = "";
        unrecorded.clear();
    }

    /** Ends a list: what it did not hold was deleted, and from here on every change is seen. */
    void listComplete(String version) throws InterruptedException {
        for (ObjectKey key : unreadable.isEmpty() ? known.endList() : List.<ObjectKey>of()) {
            KnownObjects.Known before = known.get(key);
            append(key, tombstone(before.uid(), version), Operation.DELETED, NO_BODY);
            known.remove(key);
        }
        coverage.reached(version);
        if (!version.isEmpty()) {
            coverage.openOrConfirm(isComplete(), qualification(), known.size());
        }
    }

    /** Records a change that a watch delivered, or an exact list. */
    void changed(Operation operation, byte[] object, int offset, int length) throws InterruptedException {
        ObjectMetadata metadata = read(object, offset, length);
        if (metadata == null) {
            return;
        }
        ObjectKey key = key(metadata);
        KnownObjects.Known before = known.get(key);
        boolean isRecorded = before != null && before.resourceVersion().equals(metadata.resourceVersion());
        boolean isChange = !isRecorded || operation == Operation.DELETED;
        if (isChange && namespaces.isRecorded(metadata.namespace())) {
            write(key, metadata, operation, object, offset, length);
        }
        coverage.reached(metadata.resourceVersion());
    }

    private ObjectMetadata read(byte[] object, int offset, int length) throws InterruptedException {
        try {
            ObjectMetadata metadata = ObjectMetadata.read(object, offset, length, resource.namespaced());
            if (metadata.name().isEmpty()) {
                throw new IOException("it has no name");
            }
            return metadata;
        } catch (IOException e) {
            unreadable("an object could not be read: " + summary(e));
            return null;
        }
    }

    /** Something came that cannot be understood: it is a gap until a list shows what there is. */
    void unreadable(String reason) throws InterruptedException {
        unreadable = reason;
        coverage.gap(reason);
    }

    /** Why something could not be recorded of which not even the name is known. */
    String unreadable() {
        return unreadable;
    }

    /** Whether only a list can show what there is. */
    boolean needsList() {
        return !unreadable.isEmpty();
    }

    /** A bookmark: everything up to a version was delivered. */
    void confirmed(String version) throws InterruptedException {
        coverage.reached(version);
        coverage.openOrConfirm(isComplete(), qualification(), known.size());
    }

    /** Called regularly while the stream is alive; skipped while a change is being written, which says the same. */
    void alive(long mostSilence) throws InterruptedException {
        coverage.alive(mostSilence, isComplete(), qualification(), known.size());
    }

    private boolean isComplete() {
        return unreadable.isEmpty() && unrecorded.isEmpty();
    }

    /** What limits the observation as such; {@code ""} if nothing does. */
    private String qualification() {
        String effort = resource.isInEtcd() ? "" : CoverageMark.BEST_EFFORT + ": served by " + resource.backend();
        String limit = resource.namespaced() ? namespaces.limit() : "";
        return effort + (effort.isEmpty() || limit.isEmpty() ? "" : "; ") + limit;
    }

    private ObjectKey key(ObjectMetadata metadata) {
        return new ObjectKey(resource.type(), metadata.namespace(), metadata.name());
    }

    /** A version that is after one and before another of the same object: that of a deletion in between which was not seen. */
    private static String justBefore(String next, String previous) {
        return next.matches("[1-9][0-9]{0,17}") ? Long.toString(Long.parseLong(next) - 1) : previous;
    }

    private ObjectMetadata tombstone(String uid, String version) {
        return new ObjectMetadata(resource.apiVersion(), resource.kind(), "", "", uid, version);
    }

    private void write(
            ObjectKey key, ObjectMetadata metadata, Operation operation, byte[] object, int offset, int length)
            throws InterruptedException {
        byte[] masked;
        try {
            masked = masked(key.namespace(), object, offset, length);
        } catch (IOException e) {
            // What cannot be masked must not be stored, what is too large cannot; that it is gone can be told without
            // it.
            masked = operation == Operation.DELETED ? NO_BODY : null;
            if (masked == null) {
                unrecorded(key, metadata.resourceVersion(), e);
                return;
            }
        }
        append(key, metadata, operation, masked);
        unrecorded.remove(key);
        if (operation == Operation.DELETED) {
            known.remove(key);
        } else {
            known.put(key, metadata.resourceVersion(), metadata.uid());
        }
    }

    private byte[] masked(String namespace, byte[] object, int offset, int length) throws IOException {
        requireFits(length);
        byte[] masked =
                masking.in(namespace).apply(resource.type(), Arrays.copyOfRange(object, offset, offset + length));
        requireFits(masked.length);
        return masked;
    }

    private static void requireFits(int length) throws IOException {
        if (length > Change.LARGEST_BODY) {
            throw new IOException("it has " + length + " bytes, more than " + Change.LARGEST_BODY);
        }
    }

    private void unrecorded(ObjectKey key, String version, IOException cause) throws InterruptedException {
        String reason = key + " at version " + version + " could not be recorded: " + summary(cause);
        unrecorded.put(key, reason);
        coverage.gap(reason);
    }

    /** The first line: what follows in a parser's message is an excerpt, and the object must not be shown. */
    private static String summary(IOException e) {
        String message = e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
        return message == null ? e.toString() : message.lines().findFirst().orElse("");
    }

    private void append(ObjectKey key, ObjectMetadata metadata, Operation operation, byte[] body)
            throws InterruptedException {
        coverage.append(
                time -> new Change(
                        key,
                        metadata.kind().isEmpty() ? resource.kind() : metadata.kind(),
                        metadata.uid(),
                        metadata.resourceVersion(),
                        time,
                        operation,
                        body),
                known.size());
    }
}
