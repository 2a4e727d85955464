/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.traversion.archive.Layout;
import dev.traversion.archive.denial.Denial;
import dev.traversion.archive.denial.Subject;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * That something was erased, sealed with the commit that did it. It names no object and has no content.
 *
 * @param format {@code 1.0}
 * @param time RFC 3339
 * @param by who erased, as their machine calls them; {@code ""} if it did not tell
 * @param reason as told by whoever erased; {@code ""} if none was
 * @param erased which lifetimes: the namespaces' names are hashes
 * @param subjects which values, as salted hashes
 * @param objects how many objects were erased, or had such a value in them
 * @param versions how many versions of them, those repeated at the beginning of parts counted once
 * @param rows how many rows of what happened on nodes, likewise
 * @param replaced the files that held them, which are deleted
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Proof(
        String format,
        String time,
        String by,
        String reason,
        List<Denial> erased,
        List<Subject> subjects,
        long objects,
        long versions,
        long rows,
        List<SealedFile> replaced) {

    /** The folder of proofs in the recording. */
    public static final String FOLDER = "erasures/proofs/";

    /**
     * The proofs of a recording: those that were sealed with the commit that did it.
     *
     * @param copies of the store
     */
    public static List<Proof> all(Store store, Layout layout, LocalCopies copies) throws IOException {
        CommitLog commits = new CommitLog(store, layout, copies);
        commits.load();
        return all(store, commits);
    }

    static List<Proof> all(Store store, CommitLog commits) throws IOException {
        List<Proof> proofs = new ArrayList<>();
        for (String path : commits.documents(FOLDER)) {
            try (InputStream in = store.read(path)) {
                proofs.add(StoredJson.read(StampedJson.check(in.readAllBytes(), path), Proof.class));
            }
        }
        return proofs;
    }

    public Proof {
        by = Objects.requireNonNullElse(by, "");
        subjects = Objects.requireNonNullElse(subjects, List.of());
    }
}
