/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import java.nio.file.Path;
import java.util.List;

/**
 * A finished Parquet file.
 *
 * @param path where it was written
 * @param name the name it must be stored under, which holds the checksum of its footer
 * @param bytes its size
 * @param columns by column, in order of the schema
 * @param splits offsets of its row groups
 */
public record WrittenFile(
        Path path, String name, long rows, long bytes, List<ColumnStats> columns, List<Long> splits) {}
