/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.TraversionException;
import dev.traversion.masking.Masking;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** What was collected of a cluster, read and ready to be written as a recording. For one thread. */
public interface ClusterImport extends AutoCloseable {

    /**
     * Reads it, whatever it is.
     *
     * @param at the moment whose state it is; null to find it out
     * @param cluster the id to record it under; {@code ""} to find it out
     * @param work a directory for a temporary file, which only this user should be able to read
     * @throws TraversionException if it is nothing that can be imported, or is cut short
     */
    static ClusterImport read(
            Path source, Instant at, String cluster, Masking masking, Path work, ImportProgress progress)
            throws IOException {
        Optional<StateImport> state = StateImport.read(source, at, cluster, masking, work, progress);
        if (state.isPresent()) {
            return state.get();
        }
        Optional<AuditImport> audit = AuditImport.read(source, cluster, masking, work, progress);
        if (audit.isPresent()) {
            return audit.get();
        }
        throw new TraversionException(
                source + " holds neither a must-gather nor a dump nor an audit log. " + Source.ACCEPTED);
    }

    /** The id to record the cluster under. */
    String clusterId();

    /** What was read, after "Imported SOURCE, ". */
    String summary();

    ImportReport report();

    /** Writes everything; the sink is not closed. */
    void writeTo(RecordingSink sink) throws IOException, InterruptedException;

    @Override
    void close() throws IOException;
}
