/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Trait;
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
    private final ByteBuffer block;
    private final int offset;
    private final int length;
    private final int bodyLength;

    /** Set once, by the index, when the next version of the key arrives. */
    private volatile long validTo = Long.MAX_VALUE;

    /** The greatest resourceVersion of the type up to here; set by the index before it publishes the entry. */
    private String newestVersion = "";

    /** What was asked last, so that what asks again and again while the tail grows decodes each body once. */
    private volatile Known known;

    private volatile String manager;

    private record Known(Trait trait, long value) {}

    /**
     * @param base the version that the payload is a delta against; null if the payload is the body
     * @param block off the heap, with the payload in it; not to be moved
     * @param offset of the payload
     * @param length of the payload, bytes
     * @throws IndexOutOfBoundsException or {@link java.nio.BufferUnderflowException} if the payload makes no body
     */
    TailEntry(
            ObjectKey key,
            String kind,
            String uid,
            String resourceVersion,
            long observedAt,
            Operation operation,
            TailEntry base,
            ByteBuffer block,
            int offset,
            int length) {
        this.key = key;
        this.kind = kind;
        this.uid = uid;
        this.resourceVersion = resourceVersion;
        this.observedAt = observedAt;
        this.operation = operation;
        this.base = base;
        this.block = block;
        this.offset = offset;
        this.length = length;
        this.bodyLength = base == null ? length : Delta.length(base.bodyLength, operations());
    }

    private ByteSource operations() {
        return new ByteSource(block.slice(offset, length));
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
        String before = manager;
        if (before == null) {
            before = whole().fieldManager().intern();
            manager = before;
        }
        return before;
    }

    @Override
    public long trait(Trait trait) throws IOException {
        Known before = known;
        if (before == null || !before.trait.equals(trait)) {
            before = new Known(trait, trait.of(whole()));
            known = before;
        }
        return before.value;
    }

    @Override
    public int bodyLength() {
        return bodyLength;
    }

    @Override
    public byte[] body() {
        return body(null, null);
    }

    /**
     * The body, decoded from that of an earlier version where it leads there: versions that are read one after the other cost one
     * delta each.
     *
     * @param known any version of any object; may be null
     * @param knownBody its body
     */
    byte[] body(TailEntry known, byte[] knownBody) {
        Deque<TailEntry> deltas = new ArrayDeque<>();
        TailEntry entry = this;
        while (entry.base != null && entry != known) {
            deltas.push(entry);
            entry = entry.base;
        }
        byte[] body = entry == known ? knownBody : entry.payload();
        for (TailEntry delta : deltas) {
            body = Delta.decode(body, delta.operations(), delta.bodyLength);
        }
        return body;
    }

    private byte[] payload() {
        byte[] bytes = new byte[length];
        block.get(offset, bytes);
        return bytes;
    }

    @Override
    public void writeBody(OutputStream out, boolean managedFields, int skip) throws IOException {
        whole().writeBody(out, managedFields, skip);
    }

    private RawVersion whole() {
        return withBody(body());
    }

    /** This version with its body decoded. */
    RawVersion withBody(byte[] body) {
        return new RawVersion(key, kind, uid, resourceVersion, observedAt, validTo, operation, body);
    }
}
