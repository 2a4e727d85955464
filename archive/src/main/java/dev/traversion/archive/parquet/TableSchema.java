/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.ListType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;

/**
 * The columns of a table, for its Parquet files and for Iceberg.
 *
 * @param original how many of them each file has; those behind came later, and rows of older files say nothing there
 */
public record TableSchema(List<Column> columns, int original) {

    public TableSchema {
        columns = List.copyOf(columns);
    }

    /** Of a table whose files all have all columns. */
    public TableSchema(List<Column> columns) {
        this(columns, columns.size());
    }

    /** Whether files may lack a column. */
    public boolean isLater(Column column) {
        return columns.indexOf(column) >= original;
    }

    /** The columns that each file has. */
    TableSchema originals() {
        return new TableSchema(columns.subList(0, original));
    }

    /** The table's schema as Iceberg has it, with the same field ids. */
    public Schema toIceberg() {
        List<Types.NestedField> fields = new ArrayList<>();
        for (Column column : columns) {
            fields.add(
                    isLater(column)
                            ? Types.NestedField.optional(column.fieldId(), column.name(), icebergType(column))
                            : Types.NestedField.required(column.fieldId(), column.name(), icebergType(column)));
        }
        return new Schema(fields);
    }

    private static Type icebergType(Column column) {
        return switch (column.kind()) {
            case LONG, NUMBER -> Types.LongType.get();
            case INT -> Types.IntegerType.get();
            case BOOLEAN -> Types.BooleanType.get();
            case WORD, TEXT -> Types.StringType.get();
            case WORDS -> Types.ListType.ofRequired(column.elementId(), Types.StringType.get());
        };
    }

    List<SchemaElement> toParquet() {
        List<SchemaElement> elements = new ArrayList<>();
        elements.add(new SchemaElement("table").setNum_children(columns.size()));
        for (Column column : columns) {
            SchemaElement element = new SchemaElement(column.name())
                    .setRepetition_type(FieldRepetitionType.REQUIRED)
                    .setField_id(column.fieldId());
            elements.add(element);
            switch (column.kind()) {
                case LONG, NUMBER, INT, BOOLEAN -> element.setType(parquetType(column));
                case WORD, TEXT -> asText(element);
                case WORDS -> {
                    element.setNum_children(1)
                            .setConverted_type(ConvertedType.LIST)
                            .setLogicalType(LogicalType.LIST(new ListType()));
                    elements.add(new SchemaElement("list")
                            .setRepetition_type(FieldRepetitionType.REPEATED)
                            .setNum_children(1));
                    elements.add(asText(new SchemaElement("element")
                            .setRepetition_type(FieldRepetitionType.REQUIRED)
                            .setField_id(column.elementId())));
                }
            }
        }
        return elements;
    }

    private static SchemaElement asText(SchemaElement element) {
        return element.setType(org.apache.parquet.format.Type.BYTE_ARRAY)
                .setConverted_type(ConvertedType.UTF8)
                .setLogicalType(LogicalType.STRING(new StringType()));
    }

    static org.apache.parquet.format.Type parquetType(Column column) {
        return switch (column.kind()) {
            case LONG, NUMBER -> org.apache.parquet.format.Type.INT64;
            case INT -> org.apache.parquet.format.Type.INT32;
            case BOOLEAN -> org.apache.parquet.format.Type.BOOLEAN;
            case WORD, TEXT, WORDS -> org.apache.parquet.format.Type.BYTE_ARRAY;
        };
    }
}
