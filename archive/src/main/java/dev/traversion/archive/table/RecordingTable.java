/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.table;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.parquet.TableSchema;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;

/** One table of a recording. For one thread at a time. */
public final class RecordingTable {

    /** The format of recordings, as a property of every table. */
    static final String FORMAT_PROPERTY = "traversion.format";

    private final StoreTableOperations operations;
    private final BaseTable table;
    private final TableSchema schema;
    private final String root;
    private final Store store;
    private final FileEntries entries;

    /**
     * A file of the table.
     *
     * @param path in the store
     * @param least the smallest value of each long column, by name
     * @param greatest likewise
     */
    public record File(String path, long rows, long bytes, Map<String, Long> least, Map<String, Long> greatest) {}

    /**
     * A file to add.
     *
     * @param path in the store, where it is already
     */
    public record Addition(String path, WrittenFile file) {}

    /** @param root of the table in the store, {@code clusters/<id>/versions}; it need not exist yet */
    public RecordingTable(Store store, String root, TableSchema schema) {
        this.store = store;
        this.root = root;
        this.schema = schema;
        this.operations = new StoreTableOperations(store, root);
        this.entries = new FileEntries(store, schema);
        this.table = new BaseTable(operations, root.substring(root.lastIndexOf('/') + 1));
    }

    /** Takes notice of commits made since. */
    public void refresh() throws IOException {
        operations.advance();
    }

    /** Takes notice of the newest commit, also if those between it and what was seen last were deleted long ago. */
    public void refreshFromNewest() throws IOException {
        operations.lookAround();
    }

    /** The next commit is built on an older one, as if those in between, up to the last one, said nothing; numbers go on. */
    public void goOnFrom(int commit, int last) throws IOException {
        operations.goOnFrom(commit, last);
    }

    /** Whether there is no commit, or none that was gone on from. */
    public boolean isEmpty() {
        return operations.current() == null;
    }

    /**
     * The newest commit whose metadata and manifests can be read; 0 if there is none.
     *
     * @param isWhole whether a file is there and what it was
     */
    public int newestWhole(Predicate<String> isWhole) throws IOException {
        for (int commit : operations.numbers().descendingSet()) {
            if (isWhole(commit, isWhole)) {
                return commit;
            }
        }
        return 0;
    }

    private boolean isWhole(int commit, Predicate<String> isWhole) throws IOException {
        try {
            operations.goOnFrom(commit, commit);
            if (operations.current() == null
                    || !isWhole.test(StoreFileIo.path(operations.current().metadataFileLocation()))) {
                return false;
            }
            Snapshot snapshot = operations.current().currentSnapshot();
            if (snapshot == null) {
                return true;
            }
            if (!isWhole.test(StoreFileIo.path(snapshot.manifestListLocation()))) {
                return false;
            }
            for (ManifestFile manifest : snapshot.allManifests(operations.io())) {
                if (!isWhole.test(StoreFileIo.path(manifest.path()))) {
                    return false;
                }
            }
            files();
            return true;
        } catch (IOException | RuntimeException e) {
            // What Iceberg and Avro make of bytes that make no sense; a store that cannot be read fails again
            // elsewhere.
            System.getLogger(RecordingTable.class.getName())
                    .log(System.Logger.Level.DEBUG, "commit " + commit + " of " + root + " is not whole", e);
            return false;
        }
    }

    /** The number of the newest commit that is there, seen or not, whatever is in it; 0 if there is none. */
    public int newest() throws IOException {
        return operations.newest();
    }

    /** The number of the newest commit; 0 if the table does not exist. */
    public int commit() {
        return operations.number();
    }

    /** The properties that the newest commit of data was made with; empty if there is none. */
    public Map<String, String> summary() {
        return summary(operations.current());
    }

    /** As {@link #summary()}, of an older commit. */
    public Map<String, String> summary(int commit) throws IOException {
        return summary(operations.at(commit));
    }

    private static Map<String, String> summary(TableMetadata metadata) {
        Snapshot snapshot = metadata == null ? null : metadata.currentSnapshot();
        return snapshot == null ? Map.of() : snapshot.summary();
    }

    /** The files of the table, by path. */
    public List<File> files() throws IOException {
        List<File> files = new ArrayList<>();
        if (operations.current() == null || table.currentSnapshot() == null) {
            return files;
        }
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().includeColumnStats().planFiles()) {
            for (FileScanTask task : tasks) {
                files.add(entries.file(task.file()));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        files.sort(Comparator.comparing(File::path));
        return files;
    }

    /** What there is of its commits beside the one that was seen last. */
    public CommitFiles commitFiles() {
        return new CommitFiles(operations);
    }

    /** The number of the commit whose metadata a path is; 0 if it is another file. */
    public int commitOf(String path) {
        return operations.number(path);
    }

    /**
     * Adds files in one commit on what was seen at the last {@link #refresh}.
     *
     * @param summary properties of the commit
     * @throws TraversionException if somebody else committed meanwhile
     */
    public void append(List<Addition> additions, Map<String, String> summary) throws IOException {
        try {
            create();
            AppendFiles append = table.newFastAppend()
                    .scanManifestsWith(SameThread.EXECUTOR)
                    .writeManifestsWith(SameThread.EXECUTOR, 1);
            for (Addition addition : additions) {
                append.appendFile(entries.entry(addition));
            }
            summary.forEach(append::set);
            append.commit();
        } catch (CommitFailedException e) {
            throw new TraversionException(
                    "Another recorder committed to " + store.location() + "/" + root
                            + ". Only one may record a cluster into one place; stop the other, or record to another directory.",
                    e);
        } catch (CommitStateUnknownException e) {
            throw new IOException(
                    "whether the commit to " + store.location() + "/" + root + " was made is not known: "
                            + e.getCause().getMessage(),
                    e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Takes files out and puts others in, in one commit on what was seen at the last {@link #refresh}. It is the only one that is
     * remembered afterwards.
     *
     * @param removed paths in the store, of files of the table
     * @param summary properties of the commit
     * @return whether it was made; if not, somebody else committed meanwhile
     */
    public boolean replace(Collection<String> removed, List<Addition> additions, Map<String, String> summary)
            throws IOException {
        try {
            Transaction transaction = newTransaction();
            OverwriteFiles overwrite = transaction
                    .newOverwrite()
                    .scanManifestsWith(SameThread.EXECUTOR)
                    .writeManifestsWith(SameThread.EXECUTOR, 1);
            dataFiles(removed).forEach(overwrite::deleteFile);
            additions.forEach(addition -> overwrite.addFile(entries.entry(addition)));
            summary.forEach(overwrite::set);
            overwrite.commit();
            transaction
                    .expireSnapshots()
                    .expireOlderThan(Long.MAX_VALUE)
                    .retainLast(1)
                    .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
                    .commit();
            transaction.commitTransaction();
            return true;
        } catch (CommitFailedException | ValidationException e) {
            System.getLogger(RecordingTable.class.getName()).log(System.Logger.Level.DEBUG, "a race was lost", e);
            return false;
        } catch (CommitStateUnknownException e) {
            throw new IOException(
                    "whether the commit to " + store.location() + "/" + root + " was made is not known: "
                            + e.getCause().getMessage(),
                    e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private Transaction newTransaction() throws IOException {
        if (operations.current() == null && operations.number() > 0) {
            // Gone on from nothing: an empty table, and a commit after it, would for a moment be one without rows.
            return Transactions.createTableTransaction(table.name(), operations, emptyTable());
        }
        create();
        Transaction transaction = table.newTransaction();
        addLaterColumns(transaction);
        return transaction;
    }

    /** A table that an older version made gets what came later, if Iceberg gives it the id it has in the files. */
    private void addLaterColumns(Transaction transaction) {
        for (Types.NestedField field : schema.toIceberg().columns()) {
            Schema known = transaction.table().schema();
            boolean isNext = known.highestFieldId() + 1 == field.fieldId();
            if (field.isOptional() && isNext && known.findField(field.name()) == null) {
                transaction.updateSchema().addColumn(field.name(), field.type()).commit();
            }
        }
    }

    private void create() throws IOException {
        if (operations.current() == null && operations.advance() == null) {
            operations.commit(null, emptyTable());
        }
    }

    private TableMetadata emptyTable() {
        return withOwnIds(TableMetadata.newTableMetadata(
                schema.toIceberg(),
                PartitionSpec.unpartitioned(),
                StoreFileIo.location(store, root),
                Map.of(
                        FORMAT_PROPERTY,
                        "1.0",
                        "commit.retry.num-retries",
                        "0",
                        // A manifest is dropped with the last of its files, and a seal names what is new.
                        "commit.manifest-merge.enabled",
                        "false",
                        "write.parquet.compression-codec",
                        "zstd")));
    }

    /** The columns have the ids that they have in the files, by which engines find them. Iceberg numbers those of a new table anew. */
    private TableMetadata withOwnIds(TableMetadata metadata) {
        Schema own = schema.toIceberg();
        return metadata.schema().sameSchema(own)
                ? metadata
                : TableMetadata.buildFrom(metadata)
                        .setCurrentSchema(own, Math.max(metadata.lastColumnId(), own.highestFieldId()))
                        .build();
    }

    /**
     * A commit as engines take it.
     *
     * @param location of its metadata: {@code s3://} or {@code file://}
     * @param metadata what Iceberg says of it, JSON
     */
    public record Published(String location, String metadata) {}

    /** The newest commit that was seen; empty if there is none. */
    public Optional<Published> published() {
        TableMetadata metadata = operations.current();
        return metadata == null
                ? Optional.empty()
                : Optional.of(new Published(
                        metadata.metadataFileLocation(), TableMetadataParser.toJson(withOwnIds(metadata))));
    }

    /** As the table names them: a recording that was moved still has its old locations. */
    private List<DataFile> dataFiles(Collection<String> paths) throws IOException {
        List<DataFile> files = new ArrayList<>();
        if (paths.isEmpty()) {
            return files;
        }
        try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
            for (FileScanTask task : tasks) {
                if (paths.contains(StoreFileIo.path(task.file().location()))) {
                    files.add(task.file().copy());
                }
            }
        }
        return files;
    }
}
