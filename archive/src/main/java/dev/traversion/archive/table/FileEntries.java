/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.table;

import dev.traversion.archive.parquet.Column;
import dev.traversion.archive.parquet.ColumnStats;
import dev.traversion.archive.parquet.TableSchema;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.store.Store;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/** Files of a table as manifests have them. */
final class FileEntries {

    private final Store store;
    private final TableSchema schema;

    FileEntries(Store store, TableSchema schema) {
        this.store = store;
        this.schema = schema;
    }

    RecordingTable.File file(DataFile entry) {
        return new RecordingTable.File(
                StoreFileIo.path(entry.location()),
                entry.recordCount(),
                entry.fileSizeInBytes(),
                longs(entry.lowerBounds()),
                longs(entry.upperBounds()));
    }

    DataFile entry(RecordingTable.Addition addition) {
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
