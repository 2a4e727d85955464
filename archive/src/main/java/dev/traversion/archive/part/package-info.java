/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Parts: immutable Parquet files that hold every version of every object of a stretch of time, sorted by key, beginning with the
 * objects alive at its start (carry rows), so that one part answers for any moment in it.
 */
package dev.traversion.archive.part;
