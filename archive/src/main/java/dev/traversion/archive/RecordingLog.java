/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.io.IOException;

/** Follows what is stored of one recording: its commits and its unsealed tail. Safe for concurrent use. */
public interface RecordingLog extends AutoCloseable {

    /** What is stored now. Cheap, and the same instance, if nothing is new since the last call. */
    RecordingState load() throws IOException;

    @Override
    void close();
}
