/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import com.fasterxml.jackson.core.JacksonException;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.masking.Masking;
import dev.traversion.snapshotter.RecordingClock;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes what is seen of one resource to the sink: masked, in order, with times that rise, and with marks of coverage. Its stream
 * and the heartbeat use it at the same time.
 */
final class ResourceRecorder {

    private static final byte[] NO_BODY = {};

    private final RecordingSink sink;
    private final Masking masking;
    private final NamespaceSelection namespaces;
    private final RecordingClock clock;
    private final KnownObjects known = new KnownObjects();
    private final ReentrantLock lock = new ReentrantLock();
    private final StreamStatus status;
    private volatile ServedResource resource;
    private volatile String resourceVersion = "";
    private long lastTime;

    /** Just after the last moment that was confirmed, ns: where a gap would begin; 0 if there is none. */
    private long unconfirmedFrom;

    private boolean open;
    private long disturbances;

    /** What the present gap was declared with; {@code ""} if there is none. */
    private String gap = "";

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
        this.sink = sink;
        this.masking = masking;
        this.namespaces = namespaces;
        this.clock = clock;
        this.status = status;
        this.lastTime = after;
        this.unconfirmedFrom = after == 0 ? 0 : after + 1;
        this.disturbances = clock.disturbance().number();
    }

    KnownObjects known() {
        return known;
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

    /**
     * Goes on where an earlier recorder ended, instead of listing everything anew.
     *
     * @param version up to which everything is recorded
     */
    void resume(String version) throws InterruptedException {
        resourceVersion = version;
        String disturbed = clock.disturbance().reason();
        declare("nothing was recording, changes were recorded late" + (disturbed.isEmpty() ? "" : "; " + disturbed));
    }

    /** Goes on with a list, since it is not known up to which version everything is recorded. */
    void beginAnew() throws InterruptedException {
        declare("nothing was recording, and it cannot be resumed where it ended: intermediate versions are unknown");
    }

    /** The version up to which everything is recorded; {@code ""} before the first list is complete. */
    String resourceVersion() {
        return resourceVersion;
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
        resourceVersion = version;
        if (!version.isEmpty()) {
            openOrConfirm();
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
        resourceVersion = metadata.resourceVersion();
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
        gap(reason);
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
        resourceVersion = version;
        openOrConfirm();
    }

    /** Called regularly while the stream is alive; skipped while a change is being written, which says the same. */
    void alive(long mostSilence) throws InterruptedException {
        if (lock.tryLock()) {
            try {
                if (!open && !resourceVersion.isEmpty()) {
                    openOrConfirm();
                } else if (open && clock.now() - unconfirmedFrom >= mostSilence) {
                    openOrConfirm();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void openOrConfirm() throws InterruptedException {
        if (open) {
            mark(CoverageMark.Kind.CONFIRMED, "");
        } else if (unreadable.isEmpty() && unrecorded.isEmpty()) {
            mark(CoverageMark.Kind.OPENED, qualification());
        }
    }

    /** What limits the observation as such; {@code ""} if nothing does. */
    private String qualification() {
        String effort = resource.isInEtcd() ? "" : CoverageMark.BEST_EFFORT + ": served by " + resource.backend();
        String limit = resource.namespaced() ? namespaces.limit() : "";
        return effort + (effort.isEmpty() || limit.isEmpty() ? "" : "; ") + limit;
    }

    /** A loss: what happened after the last confirmed moment is not known, until the next list. */
    void lost(String reason) throws InterruptedException {
        gap(reason);
        resourceVersion = "";
    }

    /** Some of what happened after the last confirmed moment is not known, although the rest is being recorded. */
    void incomplete(String reason) throws InterruptedException {
        gap(reason);
    }

    /**
     * Says, if the stream has been broken for a while, that nothing is seen at present. No version is missing once it is resumed,
     * but when they came into being is not known.
     */
    void broken(long mostSilence, String reason) throws InterruptedException {
        lock.lock();
        try {
            if (open && clock.now() - unconfirmedFrom >= mostSilence) {
                gap(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Declares a gap since the last confirmed moment, or gives the present one another reason. */
    private void gap(String reason) throws InterruptedException {
        lock.lock();
        try {
            declare(reason);
            status.lost(reason);
        } finally {
            lock.unlock();
        }
    }

    private void declare(String reason) throws InterruptedException {
        lock.lock();
        try {
            if (open || !reason.equals(gap)) {
                CoverageMark.Kind kind = open ? CoverageMark.Kind.CLOSED : CoverageMark.Kind.GAP;
                if (open || unconfirmedFrom > 0) {
                    sink.mark(new CoverageMark(resource.type(), kind, unconfirmedFrom, resourceVersion, reason));
                }
                open = false;
                gap = reason;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The end of recording, as intended.
     *
     * @param seen whether the stream was alive up to now
     */
    void stopped(String reason, boolean seen) throws InterruptedException {
        lock.lock();
        try {
            if (open && seen) {
                mark(CoverageMark.Kind.CONFIRMED, "");
            }
            if (open) {
                gap(reason);
            }
            resourceVersion = "";
        } finally {
            lock.unlock();
        }
    }

    /** Another recorder goes on, after it was stopped for that reason: nothing more is said here. */
    void handOver(String reason) throws InterruptedException {
        lock.lock();
        try {
            long at = gap.equals(reason) ? unconfirmedFrom : now();
            sink.mark(new CoverageMark(resource.type(), CoverageMark.Kind.HANDED_OVER, at, "", reason));
        } finally {
            lock.unlock();
        }
    }

    /** Nothing can be observed from now on. */
    void unobservable(String reason) throws InterruptedException {
        if (!reason.equals(gap)) {
            lost(reason);
            mark(CoverageMark.Kind.GAP, reason);
        }
        status.lost(reason);
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
        gap(reason);
    }

    /** The first line: what follows in a parser's message is an excerpt, and the object must not be shown. */
    private static String summary(IOException e) {
        String message = e instanceof JacksonException json ? json.getOriginalMessage() : e.getMessage();
        return message == null ? e.toString() : message.lines().findFirst().orElse("");
    }

    private void append(ObjectKey key, ObjectMetadata metadata, Operation operation, byte[] body)
            throws InterruptedException {
        lock.lock();
        try {
            long time = now();
            isDisturbed();
            sink.append(new Change(
                    key,
                    metadata.kind().isEmpty() ? resource.kind() : metadata.kind(),
                    metadata.uid(),
                    metadata.resourceVersion(),
                    time,
                    operation,
                    body));
            if (open) {
                unconfirmedFrom = time + 1;
            }
            status.changed(time, body.length, known.size());
        } finally {
            lock.unlock();
        }
    }

    private void mark(CoverageMark.Kind kind, String reason) throws InterruptedException {
        lock.lock();
        try {
            long time = now();
            if (isDisturbed() && kind == CoverageMark.Kind.CONFIRMED) {
                // What waited meanwhile comes first: the next heartbeat says that all is seen again.
                return;
            }
            sink.mark(new CoverageMark(resource.type(), kind, time, resourceVersion, reason));
            unconfirmedFrom = kind == CoverageMark.Kind.GAP ? time : time + 1;
            if (kind == CoverageMark.Kind.GAP) {
                gap = reason;
            }
            if (kind == CoverageMark.Kind.OPENED) {
                open = true;
                gap = "";
                status.observing(known.size());
            }
            if (open) {
                status.confirmed(time);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Rises always, whatever the clock does. */
    private long now() {
        lastTime = Math.max(lastTime + 1, clock.now());
        return lastTime;
    }

    /** Whether the time was disturbed since this was asked last: then a gap says so, until the next heartbeat. */
    private boolean isDisturbed() throws InterruptedException {
        RecordingClock.Disturbance latest = clock.disturbance();
        if (latest.number() == disturbances) {
            return false;
        }
        disturbances = latest.number();
        if (open) {
            gap(latest.reason());
        }
        return true;
    }

    ResourceType type() {
        return resource.type();
    }
}
