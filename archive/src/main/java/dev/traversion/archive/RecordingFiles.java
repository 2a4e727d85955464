/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.denial.Denials;
import dev.traversion.archive.denial.Omissions;
import dev.traversion.archive.erasure.Proof;
import dev.traversion.archive.reads.ReadAudit;
import dev.traversion.archive.reads.ReadRecord;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a store tells of one cluster's recording beside what was recorded: how large it is, who writes it, and who read it. */
public final class RecordingFiles {

    /** The verb of a record that tells of an erasure. */
    public static final String ERASE = "erase";

    private final Store store;
    private final String clusterId;
    private final LocalCopies copies;

    public RecordingFiles(Store store, String clusterId, LocalCopies copies) {
        this.store = store;
        this.clusterId = clusterId;
        this.copies = copies;
    }

    /** Of all its files, what is not sealed yet included. */
    public long bytes() throws IOException {
        long bytes = 0;
        for (StoredFile file : store.list(new Layout(clusterId).root())) {
            bytes += file.size();
        }
        return bytes;
    }

    /** Who writes it. */
    public Recorders recorders() throws IOException {
        return Recorders.of(store, clusterId);
    }

    /** What must not be in it, since it was erased. */
    public Omissions omissions() throws IOException {
        return Denials.load(store, new Layout(clusterId)).omissions(List.of());
    }

    /**
     * Every read that was put on record, chain by chain, then every erasure, as its sealed proof tells it.
     *
     * @param damages told of what is not as it was written, in sentences
     */
    public void audit(Consumer<ReadRecord> visitor, Consumer<String> damages) throws IOException {
        new ReadAudit(store, clusterId, damages).run(visitor);
        Proof.all(store, new Layout(clusterId), copies).forEach(proof -> visitor.accept(erasure(proof)));
    }

    private static ReadRecord erasure(Proof proof) {
        List<String> what = new ArrayList<>();
        proof.erased().forEach(denial -> what.add("namespace uid " + denial.uid()));
        proof.subjects().forEach(subject -> what.add("value " + subject.id()));
        String name = String.join(", ", what) + ": " + proof.versions() + " versions of " + proof.objects() + " objects"
                + (proof.reason().isEmpty() ? "" : " (" + proof.reason() + ")");
        return new ReadRecord(
                proof.time(),
                proof.by(),
                List.of(),
                proof.by(),
                ERASE,
                "",
                "",
                "",
                name,
                "",
                "",
                "",
                true,
                "",
                "",
                "kubectl-traversion");
    }
}
