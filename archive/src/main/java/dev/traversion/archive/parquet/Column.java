/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

/**
 * A column of a table. None is nullable: {@code ""}, {@code -1} and the empty list stand for "none".
 *
 * @param fieldId Iceberg's id of the field; never reused within a table
 * @param elementId Iceberg's id of a list's elements; 0 if the column is none
 */
public record Column(String name, int fieldId, Kind kind, int elementId) {

    /** What a column holds, and how it is laid out. */
    public enum Kind {
        /** 64 bit integers, plain. */
        LONG,
        /** 64 bit integers; each row group in what takes the least bytes: plain, differences or a dictionary. */
        NUMBER,
        /** 32 bit integers, plain. */
        INT,
        BOOLEAN,
        /** UTF-8 text with few distinct values, in a dictionary. */
        WORD,
        /** UTF-8 text, plain. */
        TEXT,
        /** A list of UTF-8 texts, in a dictionary. */
        WORDS
    }

    public Column(String name, int fieldId, Kind kind) {
        this(name, fieldId, kind, 0);
    }
}
