/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

/**
 * What Iceberg wants to know of a file's column.
 *
 * @param fieldId the column's
 * @param values number of values, elements of lists counted
 * @param bytes in the file
 * @param range least and greatest value; null if not known
 */
public record ColumnStats(int fieldId, long values, long bytes, Range range) {

    /** Long or String, both inclusive. */
    public record Range(Comparable<?> least, Comparable<?> greatest) {}
}
