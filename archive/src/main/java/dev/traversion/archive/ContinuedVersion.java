/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.io.IOException;
import java.io.OutputStream;

/** The last version of a key in its part: its successor, if there is one, is looked for in later parts and the tail when asked. */
final class ContinuedVersion implements ObjectVersion {

    /** Finds the time of the first change of a key after a time; {@link Long#MAX_VALUE} if there is none. */
    @FunctionalInterface
    interface Successors {
        long next(ObjectKey key, long time);
    }

    private final ObjectVersion version;
    private final Successors successors;

    ContinuedVersion(ObjectVersion version, Successors successors) {
        this.version = version;
        this.successors = successors;
    }

    @Override
    public ObjectKey key() {
        return version.key();
    }

    @Override
    public String kind() {
        return version.kind();
    }

    @Override
    public String uid() {
        return version.uid();
    }

    @Override
    public String resourceVersion() {
        return version.resourceVersion();
    }

    @Override
    public long observedAt() {
        return version.observedAt();
    }

    @Override
    public long validTo() {
        long known = version.validTo();
        return known != Long.MAX_VALUE ? known : successors.next(version.key(), version.observedAt());
    }

    @Override
    public Operation operation() {
        return version.operation();
    }

    @Override
    public String fieldManager() {
        return version.fieldManager();
    }

    @Override
    public int bodyLength() {
        return version.bodyLength();
    }

    @Override
    public byte[] body() {
        return version.body();
    }

    @Override
    public void writeBody(OutputStream out, boolean managedFields, int skip) throws IOException {
        version.writeBody(out, managedFields, skip);
    }

    @Override
    public long trait(Trait trait) throws IOException {
        return version.trait(trait);
    }
}
