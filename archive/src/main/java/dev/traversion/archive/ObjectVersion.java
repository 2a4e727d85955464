/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.io.IOException;
import java.io.OutputStream;

/**
 * One recorded version of one object. An instance passed to a {@link Visitor} is valid only during the call (its bytes may be a
 * window into a buffer that moves on); keep {@link #body()} or the single fields instead.
 */
public interface ObjectVersion {

    ObjectKey key();

    String kind();

    String uid();

    String resourceVersion();

    /** When this version was observed, ns. */
    long observedAt();

    /** When the next version of this key was observed, ns; {@link Long#MAX_VALUE} if there is none yet. */
    long validTo();

    Operation operation();

    /** The manager of the newest managedFields entry; {@code ""} if there is none. */
    String fieldManager();

    /** Length in bytes of the whole body. */
    int bodyLength();

    /** The whole body, byte for byte as recorded. A fresh array. */
    byte[] body();

    /** Writes the whole body, or, without managedFields, the body as if it had none, from {@code skip} bytes on. */
    void writeBody(OutputStream out, boolean managedFields, int skip) throws IOException;

    /** What a trait says of this version; where it is remembered, no body is read for it. */
    default long trait(Trait trait) throws IOException {
        return trait.of(this);
    }

    /** Receives versions in order; returns whether it wants more. */
    @FunctionalInterface
    interface Visitor {
        boolean visit(ObjectVersion version) throws IOException;
    }
}
