/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.json.StampedJson;
import dev.traversion.archive.json.StoredJson;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingReader;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.seal.Seal.SealedFile;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Reads all of the nodes' tables: metadata and manifests against their seals, each file against its hash, each page against its checksum,
 * and how many rows there are. For one thread.
 */
public final class NodeCheck {

    private static final int ATTEMPTS = 10;

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;
    private final Map<String, SealedFile> named;

    /**
     * @param copies of the store
     * @param named the nodes' seals that the seals of the recording name, by path in the store
     */
    public NodeCheck(Store store, Layout layout, LocalCopies copies, Map<String, SealedFile> named) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
        this.named = named;
    }

    /**
     * What is wrong with a table.
     *
     * @param newest number of the newest commit; it need not be there, if something names it
     * @param commits sentences on seals, metadata and manifests, by path
     * @param files sentences on the files of the newest commit
     * @param notes what is worth knowing, and no damage
     * @param rows how many there are
     */
    record Findings(
            int newest,
            Map<String, String> commits,
            Map<RecordingTable.File, String> files,
            List<String> notes,
            long rows) {}

    /**
     * Checks a table.
     *
     * @param counted told how many rows there are
     * @param damages told the file that is damaged, and a sentence
     * @param notes told sentences on what is no damage
     */
    public void table(
            LandingTable table, LongConsumer counted, BiConsumer<String, String> damages, Consumer<String> notes)
            throws IOException {
        Findings findings = examine(table);
        counted.accept(findings.rows());
        findings.commits().forEach(damages);
        findings.files().forEach((file, damage) -> damages.accept(file.path(), damage));
        findings.notes().forEach(notes);
    }

    /** As of now: what others have deleted while it was read, since they committed anew, is no damage. */
    Findings examine(LandingTable table) throws IOException {
        Findings findings = examineOnce(table);
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            boolean isWhole = findings.commits().isEmpty() && findings.files().isEmpty();
            if (isWhole || NodeCommits.unopened(store, layout, table).newest() <= findings.newest()) {
                return findings;
            }
            findings = examineOnce(table);
        }
        return findings;
    }

    private Findings examineOnce(LandingTable table) throws IOException {
        Map<String, String> commits = new TreeMap<>();
        int sealed = seals(table, commits);
        RecordingTable committed = NodeCommits.unopened(store, layout, table);
        metadata(table, commits);
        List<RecordingTable.File> files = List.of();
        String path = layout.table(table.tableName()) + "/metadata/v" + committed.newest() + ".metadata.json";
        try {
            committed.refreshFromNewest();
            files = NodeCommits.files(committed);
        } catch (TraversionException | NoSuchFileException e) {
            // The seal has told it, if there is one.
            if (commits.isEmpty()) {
                commits.put(path, e.getMessage());
            }
        }
        int newest = committed.newest();
        List<String> notes = new ArrayList<>();
        if (newest >= NodeSeals.FIRST && newest > sealed) {
            notes.add(new NodeSeals(store, layout, table).path(newest)
                    + " is not there yet; the next commit makes up for it.");
        }
        Map<RecordingTable.File, String> damaged = new LinkedHashMap<>();
        long[] rows = {0};
        for (RecordingTable.File file : files) {
            file(table, file, read -> rows[0] += read).ifPresent(damage -> damaged.put(file, damage));
        }
        return new Findings(Math.max(newest, sealed), commits, damaged, notes, rows[0]);
    }

    /** Checks the seals and what they name; gives the number of the newest that is there, or must be. */
    private int seals(LandingTable table, Map<String, String> damages) throws IOException {
        NodeSeals seals = new NodeSeals(store, layout, table);
        // Before the commits: one that is made and sealed meanwhile is not missing.
        List<NodeSeals.Kept> kept = seals.kept(named);
        int newest = kept.isEmpty() ? 0 : kept.getLast().number();
        int committed = NodeCommits.unopened(store, layout, table).newest();
        for (NodeSeals.Kept seal : kept) {
            if (!seal.problem().isEmpty()) {
                damages.put(seal.path(), seal.problem());
            }
            for (SealedFile file : seal.files()) {
                sealed(file, seal.number() >= committed)
                        .ifPresent(damage -> damages.putIfAbsent(layout.root() + file.path(), damage));
            }
        }
        int known = seals.known(named);
        if (known > newest) {
            damages.put(
                    seals.path(known),
                    seals.path(known) + " is missing, and so is what came after it: a seal of the recording names it.");
        }
        return Math.max(newest, known);
    }

    /** What an older commit had may be gone; versions that do not know of seals leave them behind. */
    private Optional<String> sealed(SealedFile file, boolean isNewest) throws IOException {
        String path = layout.root() + file.path();
        try {
            SealedFile now = SealedFile.of(store, layout.root(), path);
            return now.equals(file)
                    ? Optional.empty()
                    : Optional.of(path + " is damaged: it has " + now.bytes() + " bytes, and is not what was sealed ("
                            + file.bytes() + " bytes). Restore it from a copy of the recording.");
        } catch (NoSuchFileException e) {
            return isNewest ? Optional.of(path + " is missing, which a seal names.") : Optional.empty();
        }
    }

    /** Commits that no seal names any more, or none yet: their checksums. */
    private void metadata(LandingTable table, Map<String, String> damages) throws IOException {
        RecordingTable numbers = NodeCommits.unopened(store, layout, table);
        for (StoredFile file : store.list(layout.table(table.tableName()) + "/metadata/")) {
            String path = file.path();
            if (numbers.commitOf(path) == 0 || damages.containsKey(path)) {
                continue;
            }
            try (InputStream in = store.read(path)) {
                StoredJson.read(StampedJson.check(in.readAllBytes(), path), JsonNode.class);
            } catch (TraversionException e) {
                damages.put(path, e.getMessage());
            } catch (JacksonException e) {
                damages.put(path, path + " is damaged: it is not JSON.");
            } catch (NoSuchFileException e) {
                System.getLogger(NodeCheck.class.getName()).log(System.Logger.Level.DEBUG, "forgotten meanwhile", e);
            }
        }
    }

    /** What is wrong with a file, a sentence; empty if nothing is. */
    Optional<String> file(LandingTable table, RecordingTable.File file, LongConsumer counted) throws IOException {
        try {
            long[] rows = {0};
            // What counts is what the store has.
            copies.forget(file.path());
            copies.open(file.path(), path -> {
                FileHash.check(path, file.path());
                NodeSchema.read(path, file.path(), table, "", _ -> true, _ -> rows[0]++);
                return file;
            });
            counted.accept(rows[0]);
            return rows[0] == file.rows()
                    ? Optional.empty()
                    : Optional.of(file.path() + " has " + rows[0] + " rows instead of " + file.rows() + ".");
        } catch (TraversionException e) {
            return Optional.of(e.getMessage());
        } catch (NoSuchFileException e) {
            return Optional.of(file.path() + " is missing, which a commit names.");
        }
    }

    /** Checks what is landed, but for the newest file of each node, which may still be written to. */
    public void landing(BiConsumer<String, String> damages) throws IOException {
        NodeTables tables = new NodeTables(store, layout, copies);
        Map<String, StoredFile> newest = new TreeMap<>();
        for (StoredFile file : store.list(layout.landing())) {
            Optional<LandingName> name = tables.name(file);
            StoredFile before = name.isPresent() ? newest.put(name.get().node(), file) : null;
            if (before != null) {
                landed(before, damages);
            }
        }
    }

    private void landed(StoredFile file, BiConsumer<String, String> damages) throws IOException {
        try (InputStream in = store.read(file.path())) {
            LandingReader reader = new LandingReader(file.path(), ByteBuffer.wrap(in.readAllBytes()));
            while (reader.next().isPresent()) {
                // Each block has a checksum.
            }
        } catch (TraversionException e) {
            damages.accept(file.path(), e.getMessage());
        } catch (NoSuchFileException e) {
            // Taken over meanwhile.
            System.getLogger(NodeCheck.class.getName()).log(System.Logger.Level.DEBUG, "taken over meanwhile", e);
        }
    }
}
