/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The recording's Iceberg tables: which files make them up, and commits that add to them. Iceberg's own library does the metadata;
 * here is only how it reaches a {@link dev.traversion.archive.store.Store}, without Hadoop.
 */
package dev.traversion.archive.table;
