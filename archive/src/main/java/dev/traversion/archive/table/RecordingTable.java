/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.table;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.parquet.Column;
import dev.traversion.archive.parquet.ColumnStats;
import dev.traversion.archive.parquet.TableSchema;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Metrics;
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
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
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
                DataFile file = task.file();
                files.add(new File(
                        StoreFileIo.path(file.location()),
                        file.recordCount(),
                        file.fileSizeInBytes(),
                        longs(file.lowerBounds()),
                        longs(file.upperBounds())));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        files.sort(Comparator.comparing(File::path));
        return files;
    }

    /**
     * What a commit consists of: its metadata, manifests and the data files it added. Paths in the store; empty if its metadata is
     * not there.
     */
    public List<String> filesOf(int commit) throws IOException {
        TableMetadata metadata;
        try {
            metadata = operations.at(commit);
        } catch (TraversionException e) {
            // Whoever needs it finds it damaged.
            return List.of();
        }
        if (metadata == null) {
            return List.of();
        }
        List<String> locations = new ArrayList<>();
        locations.add(metadata.metadataFileLocation());
        Snapshot snapshot = metadata.currentSnapshot();
        if (snapshot != null) {
            locations.add(snapshot.manifestListLocation());
            try {
                for (ManifestFile manifest : snapshot.allManifests(operations.io())) {
                    if (manifest.snapshotId() == snapshot.snapshotId()) {
                        locations.add(manifest.path());
                        addFiles(manifest, locations);
                    }
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return locations.stream().map(StoreFileIo::path).toList();
    }

    /**
     * The metadata and manifests that a reader of a commit, or of one after it, needs; by path in the store. What is older than that and
     * not among them can be deleted.
     *
     * @throws NoSuchFileException if one of these commits is so old that it is deleted already
     */
    public Set<String> metadataSince(int commit) throws IOException {
        Set<String> paths = new TreeSet<>();
        for (int number = Math.min(commit, commit()); number <= commit(); number++) {
            TableMetadata metadata = operations.at(number);
            if (metadata == null) {
                continue;
            }
            paths.add(StoreFileIo.path(metadata.metadataFileLocation()));
            Snapshot snapshot = metadata.currentSnapshot();
            if (snapshot != null && paths.add(StoreFileIo.path(snapshot.manifestListLocation()))) {
                try {
                    for (ManifestFile manifest : snapshot.allManifests(operations.io())) {
                        paths.add(StoreFileIo.path(manifest.path()));
                    }
                } catch (UncheckedIOException e) {
                    throw e.getCause();
                } catch (NotFoundException e) {
                    throw (NoSuchFileException) new NoSuchFileException(e.getMessage()).initCause(e);
                }
            }
        }
        return paths;
    }

    /** The number of the commit whose metadata a path is; 0 if it is another file. */
    public int commitOf(String path) {
        return operations.number(path);
    }

    private void addFiles(ManifestFile manifest, List<String> locations) throws IOException {
        try (ManifestReader<DataFile> files = ManifestFiles.read(manifest, operations.io(), table.specs())) {
            for (DataFile file : files) {
                locations.add(file.location());
            }
        }
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
                append.appendFile(dataFile(addition));
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
            additions.forEach(addition -> overwrite.addFile(dataFile(addition)));
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

    private DataFile dataFile(Addition addition) {
        WrittenFile file = addition.file();
        return DataFiles.builder(PartitionSpec.unpartitioned())
                .withPath(StoreFileIo.location(store, addition.path()))
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(file.bytes())
                .withRecordCount(file.rows())
                .withSplitOffsets(file.splits())
                .withMetrics(metrics(file))
                .build();
    }

    private Map<String, Long> longs(Map<Integer, ByteBuffer> bounds) {
        Map<String, Long> values = new HashMap<>();
        for (Column column : schema.columns()) {
            boolean isLong = column.kind() == Column.Kind.LONG || column.kind() == Column.Kind.NUMBER;
            ByteBuffer bound = isLong && bounds != null ? bounds.get(column.fieldId()) : null;
            if (bound != null) {
                values.put(column.name(), Conversions.fromByteBuffer(Types.LongType.get(), bound));
            }
        }
        return values;
    }

    private static Metrics metrics(WrittenFile file) {
        Map<Integer, Long> sizes = new HashMap<>();
        Map<Integer, Long> counts = new HashMap<>();
        Map<Integer, ByteBuffer> least = new HashMap<>();
        Map<Integer, ByteBuffer> greatest = new HashMap<>();
        for (ColumnStats column : file.columns()) {
            sizes.put(column.fieldId(), column.bytes());
            counts.put(column.fieldId(), column.values());
            // Names would outlive the objects in there, and help nobody: every part has nearly all types and
            // namespaces.
            if (column.range() != null && column.range().least() instanceof Long) {
                least.put(column.fieldId(), bound(column.range().least()));
                greatest.put(column.fieldId(), bound(column.range().greatest()));
            }
        }
        return new Metrics(file.rows(), sizes, counts, null, null, least, greatest);
    }

    private static ByteBuffer bound(Comparable<?> value) {
        return Conversions.toByteBuffer(Types.LongType.get(), value);
    }
}
