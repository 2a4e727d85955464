/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.node;

import dev.traversion.archive.Layout;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.LandingName;
import dev.traversion.archive.landing.LandingReader;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoredFile;
import dev.traversion.archive.table.RecordingTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/** Reads all of the nodes' tables: each file against its hash, each page against its checksum, and how many rows there are. For one thread. */
public final class NodeCheck {

    private final Store store;
    private final Layout layout;
    private final LocalCopies copies;

    /** @param copies of the store */
    public NodeCheck(Store store, Layout layout, LocalCopies copies) {
        this.store = store;
        this.layout = layout;
        this.copies = copies;
    }

    /**
     * Checks a table.
     *
     * @param counted told how many rows a file has
     * @param damages told the file that is damaged, and a sentence
     * @throws TraversionException if what says which files the table has is damaged
     */
    public void table(LandingTable table, LongConsumer counted, BiConsumer<String, String> damages) throws IOException {
        RecordingTable committed = new RecordingTable(store, layout.table(table.tableName()), NodeSchema.of(table));
        committed.refreshFromNewest();
        for (RecordingTable.File file : committed.files()) {
            file(table, file, counted).ifPresent(damage -> damages.accept(file.path(), damage));
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
