/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.api;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What can be read from an API server. Safe for concurrent use. */
public interface ApiReads {

    /** Receives the bytes of a stream, in order; may block, which holds up the server. */
    @FunctionalInterface
    interface Bytes {
        void accept(ByteBuffer bytes) throws Exception;
    }

    /** A stream that was accepted. */
    interface Stream {

        /** Waits for its end; throws what a consumer threw, or why it broke. Afterwards no consumer is called any more. */
        void await() throws IOException, InterruptedException;

        /** Ends it: {@link #await} returns. */
        void cancel();
    }

    /** The whole answer to a GET. */
    Answer get(String path, String accept) throws IOException, InterruptedException;

    /**
     * Starts a stream.
     *
     * @throws RefusedException if the server does not grant it
     */
    Stream stream(String path, Bytes consumer) throws IOException, InterruptedException;

    /** Whether the server was heard lately, or else answers within some seconds; whatever the answer is. */
    boolean isReachable() throws InterruptedException;
}
