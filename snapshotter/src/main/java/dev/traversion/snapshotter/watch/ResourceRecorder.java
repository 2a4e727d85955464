/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.snapshotter.discovery.ServedResource;
import dev.traversion.snapshotter.masking.Masking;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes what is seen of one resource to the sink: masked, in order, with times that rise, and with marks of coverage. Its stream
 * and the heartbeat use it at the same time.
 */
final class ResourceRecorder {

    private static final byte[] NO_BODY = {};

    private final RecordingSink sink;
    private final Masking masking;
    private final Clock clock;
    private final KnownObjects known = new KnownObjects();
    private final ReentrantLock lock = new ReentrantLock();
    private final StreamStatus status;
    private volatile ServedResource resource;
    private volatile String resourceVersion = "";
    private long lastTime;
    private long lastConfirmed;
    private boolean open;
    private String declared = "";

    /** @param after no time is at or before this one, ns: the end of what was recorded earlier */
    ResourceRecorder(
            ServedResource resource,
            RecordingSink sink,
            Masking masking,
            Clock clock,
            StreamStatus status,
            long after) {
        this.resource = resource;
        this.sink = sink;
        this.masking = masking;
        this.clock = clock;
        this.status = status;
        this.lastTime = after;
        this.lastConfirmed = after;
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

    /** The version up to which everything is recorded; {@code ""} before the first list is complete. */
    String resourceVersion() {
        return resourceVersion;
    }

    /** Notes an object of a list. */
    void listed(byte[] object, int offset, int length) throws Exception {
        ObjectMetadata metadata = ObjectMetadata.read(object, offset, length);
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

    /** Ends a list: what it did not hold was deleted, and from here on every change is seen. */
    void listComplete(String version) throws InterruptedException {
        for (ObjectKey key : known.endList()) {
            KnownObjects.Known before = known.get(key);
            append(key, tombstone(before.uid(), version), Operation.DELETED, NO_BODY);
            known.remove(key);
        }
        resourceVersion = version;
        mark(CoverageMark.Kind.OPENED, "");
    }

    /** Records a change that a watch delivered. */
    void changed(Operation operation, byte[] object, int offset, int length) throws Exception {
        ObjectMetadata metadata = ObjectMetadata.read(object, offset, length);
        ObjectKey key = key(metadata);
        KnownObjects.Known before = known.get(key);
        boolean isRecorded = before != null && before.resourceVersion().equals(metadata.resourceVersion());
        if (!isRecorded || operation == Operation.DELETED) {
            write(key, metadata, operation, object, offset, length);
        }
        resourceVersion = metadata.resourceVersion();
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
                } else if (open && Times.nanos(clock.instant()) - lastConfirmed >= mostSilence) {
                    openOrConfirm();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    private void openOrConfirm() throws InterruptedException {
        mark(open ? CoverageMark.Kind.CONFIRMED : CoverageMark.Kind.OPENED, "");
    }

    /** A loss: what happened after the last confirmed moment is not known, until the next list. */
    void lost(String reason) throws InterruptedException {
        closeAtLastConfirmed(reason);
        resourceVersion = "";
    }

    /**
     * Says, if the stream has been broken for a while, that nothing is seen at present. No version is missing once it is resumed,
     * but when they came into being is not known.
     */
    void broken(long mostSilence, String reason) throws InterruptedException {
        lock.lock();
        try {
            if (open && Times.nanos(clock.instant()) - lastConfirmed >= mostSilence) {
                closeAtLastConfirmed(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    private void closeAtLastConfirmed(String reason) throws InterruptedException {
        lock.lock();
        try {
            if (open) {
                sink.mark(new CoverageMark(
                        resource.type(), CoverageMark.Kind.CLOSED, lastConfirmed, resourceVersion, reason));
                open = false;
                status.lost(reason);
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
            closeAtLastConfirmed(reason);
            resourceVersion = "";
        } finally {
            lock.unlock();
        }
    }

    /** Nothing can be observed. */
    void unobservable(String reason) throws InterruptedException {
        lost(reason);
        if (!reason.equals(declared)) {
            mark(CoverageMark.Kind.GAP, reason);
            declared = reason;
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
            throws Exception {
        byte[] body = new byte[length];
        System.arraycopy(object, offset, body, 0, length);
        append(key, metadata, operation, masking.apply(resource.type(), body));
        if (operation == Operation.DELETED) {
            known.remove(key);
        } else {
            known.put(key, metadata.resourceVersion(), metadata.uid());
        }
    }

    private void append(ObjectKey key, ObjectMetadata metadata, Operation operation, byte[] body)
            throws InterruptedException {
        lock.lock();
        try {
            long time = now();
            sink.append(new Change(
                    key,
                    metadata.kind().isEmpty() ? resource.kind() : metadata.kind(),
                    metadata.uid(),
                    metadata.resourceVersion(),
                    time,
                    operation,
                    body));
            if (open) {
                lastConfirmed = time;
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
            sink.mark(new CoverageMark(resource.type(), kind, time, resourceVersion, reason));
            lastConfirmed = time;
            if (kind == CoverageMark.Kind.OPENED) {
                open = true;
                declared = "";
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
        lastTime = Math.max(lastTime + 1, Times.nanos(clock.instant()));
        return lastTime;
    }

    ResourceType type() {
        return resource.type();
    }
}
