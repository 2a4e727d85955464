/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.verify;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.Layout;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.coverage.CoverageSchema;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.node.NodeCheck;
import dev.traversion.archive.part.PartCaches;
import dev.traversion.archive.part.PartCheck;
import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartHandle;
import dev.traversion.archive.part.PartReader;
import dev.traversion.archive.reads.ReadAudit;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.Committed;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.wal.WalFollower;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the whole recording of a cluster: the chain of seals, each sealed file against its hash, every row of every part, what coverage
 * says of them, and the log. It goes on after what is damaged, to tell all of it. Memory holds a part's index, whatever the size.
 */
public final class Verification {

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final Consumer<String> progress;
    private final VerifyReport report = new VerifyReport();

    /**
     * @param copies of the store
     * @param progress told of each file before it is read
     */
    public Verification(Store store, String clusterId, LocalCopies copies, Consumer<String> progress) {
        this.store = store;
        this.layout = new Layout(clusterId);
        this.copies = copies;
        this.progress = progress;
    }

    /** @throws IOException if the store cannot be read */
    public VerifyReport run() throws IOException {
        CommitLog commits = new CommitLog(store, layout, copies);
        Committed committed;
        try {
            committed = commits.load();
        } catch (TraversionException e) {
            report.damaged(layout.root(), e.getMessage());
            return report;
        } catch (NoSuchFileException e) {
            report.damaged(
                    e.getMessage(),
                    e.getMessage() + " is missing, which a commit names. Restore it from a copy of the recording.");
            return report;
        }
        SealCheck seals = new SealCheck(store, layout, progress, report);
        seals.run(committed.commit());
        for (String path : commits.coverageFiles()) {
            check(
                    path,
                    () -> CoverageCheck.file(
                            path,
                            copies.open(path, file -> CoverageSchema.read(file, path)),
                            text -> report.damaged(path, text)));
        }
        parts(committed);
        for (PartFile part : committed.parts()) {
            if (!seals.sealed().contains(part.path())) {
                report.note(part.path() + " is in no seal yet; the next commit makes up for it.");
            }
        }
        check(layout.wal(), () -> log(committed));
        check(layout.reads(), this::reads);
        NodeCheck nodes = new NodeCheck(store, layout, copies, seals.nodes());
        for (LandingTable table : LandingTable.values()) {
            check(
                    layout.table(table.tableName()),
                    () -> nodes.table(table, report::rows, report::damaged, report::note));
        }
        check(layout.landing(), () -> nodes.landing(report::damaged));
        stamps(seals.removed());
        strays(committed);
        return report;
    }

    @FunctionalInterface
    private interface Check {
        void run() throws IOException;
    }

    /** Damage is told, and what is missing is damage. */
    private boolean check(String path, Check check) throws IOException {
        progress.accept(path);
        try {
            check.run();
            return true;
        } catch (TraversionException e) {
            report.damaged(path, e.getMessage());
        } catch (NoSuchFileException e) {
            report.damaged(path, path + " is missing.");
        }
        return false;
    }

    private void parts(Committed committed) throws IOException {
        PartCaches caches = PartCaches.forHeap();
        PartFile last = null;
        PartReader before = null;
        for (PartFile part : committed.parts()) {
            // After a hole there is nothing that it could follow.
            PartReader followed = last != null && part.start() <= last.end() ? before : null;
            PartReader[] reader = {null};
            boolean isWhole = check(part.path(), () -> {
                reader[0] = new PartHandle(part, copies, caches).reader();
                part(part, reader[0], followed);
            });
            before = isWhole ? reader[0] : null;
            last = part;
        }
        CoverageCheck.holes(committed.parts(), committed.coverage(), text -> report.damaged(layout.coverage(), text));
    }

    private void part(PartFile part, PartReader reader, PartReader followed) throws IOException {
        PartCheck check = new PartCheck(part, reader, text -> report.damaged(part.path(), text));
        long rows = check.rows();
        report.part(rows);
        if (rows != part.rows()) {
            report.damaged(part.path(), part.path() + " has " + rows + " rows instead of " + part.rows() + ".");
        }
        for (ResourceType type : reader.types(Long.MAX_VALUE)) {
            long[] last = {Long.MIN_VALUE};
            reader.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
                if (version.observedAt() <= last[0]) {
                    report.damaged(
                            part.path(),
                            part.path() + " contradicts itself: its changes of " + type + " are not in order.");
                }
                last[0] = version.observedAt();
                return true;
            });
        }
        if (followed != null) {
            check.follows(followed);
        }
    }

    private void log(Committed committed) throws IOException {
        try {
            readLog(committed);
        } catch (NoSuchFileException e) {
            report.damaged(e.getMessage(), e.getMessage() + " is missing, although the log goes on after it.");
        }
    }

    private void readLog(Committed committed) throws IOException {
        try (WalFollower wal = new WalFollower(store, layout.wal())) {
            wal.poll(committed.sealed(), null);
            report.log(wal.lastSegments().size(), wal.tail().size());
            wal.unread()
                    .forEach((path, bytes) -> report.note(path + " ends with " + bytes
                            + " bytes of a write that is under way, or that a crash broke off; nothing that counted as recorded is"
                            + " in them."));
        }
    }

    private void reads() throws IOException {
        ReadAudit audit =
                new ReadAudit(store, layout.clusterId(), sentence -> report.damaged(layout.reads(), sentence));
        audit.run(_ -> {});
        report.reads(audit.records(), audit.chains());
    }

    /** Small files that carry a checksum of themselves: also those that nothing refers to any more. */
    private void stamps(Set<String> removed) throws IOException {
        for (StoredFile file : store.list(layout.root())) {
            String path = file.path();
            if (path.endsWith(".json")
                    && !path.startsWith(layout.writers())
                    && !path.startsWith(layout.quarantine())
                    && !removed.contains(path)) {
                check(path, () -> stamp(path));
            }
        }
    }

    private void stamp(String path) throws IOException {
        try (InputStream in = store.read(path)) {
            if (!StoredJson.read(StampedJson.check(in.readAllBytes(), path), JsonNode.class)
                    .isObject()) {
                report.damaged(path, path + " is damaged: it is empty.");
            }
        } catch (JacksonException e) {
            report.damaged(path, path + " is damaged: it is not JSON.");
        }
    }

    /** Files that no commit names: of an attempt that failed. */
    private void strays(Committed committed) throws IOException {
        Set<String> known = new HashSet<>();
        committed.parts().forEach(part -> known.add(part.path()));
        for (StoredFile file : store.list(layout.versions() + "/data/")) {
            if (!known.contains(file.path())) {
                report.note(file.path() + " is in no commit: it was left behind when one failed, and is not read.");
            }
        }
    }
}
