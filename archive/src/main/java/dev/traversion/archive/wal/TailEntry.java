/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.part.RawVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** A change in the WAL. Its body is decoded on demand, through at most as many deltas as the writer allows. Stays valid. */
final class TailEntry implements ObjectVersion {

    private final ObjectKey key;
    private final String kind;
    private final String uid;
    private final String resourceVersion;
    private final long observedAt;
    private final Operation operation;
    private final TailEntry base;
    private final ByteBuffer payload;

    /** Set once, by the index, when the next version of the key arrives. */
    private volatile long validTo = Long.MAX_VALUE;

    /** The greatest resourceVersion of the type up to here; set by the index before it publishes the entry. */
    private String newestVersion = "";

    /**
     * @param base the version that the payload is a delta against; null if the payload is the body
     * @param payload off the heap; not to be moved
     */
    TailEntry(
            ObjectKey key,
            String kind,
            String uid,
            String resourceVersion,
            long observedAt,
            Operation operation,
            TailEntry base,
            ByteBuffer payload) {
        this.key = key;
        this.kind = kind;
        this.uid = uid;
        this.resourceVersion = resourceVersion;
        this.observedAt = observedAt;
        this.operation = operation;
        this.base = base;
        this.payload = payload;
    }

    void endAt(long time) {
        validTo = time;
    }

    String newestVersion() {
        return newestVersion;
    }

    void newestVersion(String version) {
        newestVersion = version;
    }

    @Override
    public ObjectKey key() {
        return key;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public String resourceVersion() {
        return resourceVersion;
    }

    @Override
    public long observedAt() {
        return observedAt;
    }

    @Override
    public long validTo() {
        return validTo;
    }

    @Override
    public Operation operation() {
        return operation;
    }

    @Override
    public String fieldManager() {
        return whole().fieldManager();
    }

    @Override
    public int bodyLength() {
        return body().length;
    }

    @Override
    public byte[] body() {
        Deque<TailEntry> deltas = new ArrayDeque<>();
        TailEntry entry = this;
        while (entry.base != null) {
            deltas.push(entry);
            entry = entry.base;
        }
        byte[] body = new byte[entry.payload.remaining()];
        entry.payload.duplicate().get(body);
        for (TailEntry delta : deltas) {
            body = Delta.decode(body, new ByteSource(delta.payload.duplicate()));
        }
        return body;
    }

    @Override
    public void writeBody(OutputStream out, boolean managedFields, int skip) throws IOException {
        whole().writeBody(out, managedFields, skip);
    }

    private RawVersion whole() {
        return new RawVersion(key, kind, uid, resourceVersion, observedAt, validTo, operation, body());
    }
}
