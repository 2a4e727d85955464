/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.denial.Denials;
import dev.traversion.archive.denial.Omissions;
import dev.traversion.archive.erasure.Proof;
import dev.traversion.archive.reads.ReadAudit;
import dev.traversion.archive.reads.ReadRecord;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.verify.Verification;
import dev.traversion.archive.verify.VerifyReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a store tells of one cluster's recording beside what was recorded: how large it is, who writes it, what is kept, who read it, and
 * whether it is what was written; and the files themselves.
 */
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

    /** What retention keeps, by name. */
    public List<Pin> pins() throws IOException {
        return new Pins(store, new Layout(clusterId)).all();
    }

    /**
     * Reads all of it, and tells whether it is what was written.
     *
     * @param progress told of each file before it is read
     */
    public VerifyReport verify(Consumer<String> progress) throws IOException {
        return new Verification(store, clusterId, copies, progress).run();
    }

    /**
     * The files of what was recorded below a path, by their paths in the store. Not who read it: that is a record of its own.
     *
     * @param path below the cluster's root, {@code ""} for all
     */
    public List<StoredFile> list(String path) throws IOException {
        Layout layout = new Layout(clusterId);
        if (leadsAway(path)) {
            return List.of();
        }
        return store.list(layout.root() + path).stream()
                .filter(file -> !file.path().startsWith(layout.reads()))
                .toList();
    }

    /**
     * One of those files.
     *
     * @param path below the cluster's root
     * @throws NoSuchFileException if there is none
     */
    public InputStream read(String path) throws IOException {
        return store.read(recorded(path));
    }

    /** A piece of one of those files; shorter where it ends. */
    public byte[] read(String path, long offset, int length) throws IOException {
        return store.read(recorded(path), offset, length);
    }

    private String recorded(String path) throws NoSuchFileException {
        Layout layout = new Layout(clusterId);
        String full = layout.root() + path;
        if (leadsAway(path) || full.startsWith(layout.reads())) {
            throw new NoSuchFileException(full);
        }
        return full;
    }

    /** To another cluster's files, or out of the store. */
    private static boolean leadsAway(String path) {
        return path.startsWith("/")
                || path.indexOf('\\') >= 0
                || Stream.of(path.split("/")).anyMatch(step -> step.equals(".") || step.equals(".."));
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
