/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Parquet files as the archive writes and reads them: required columns, zstd, a checksum on every page and one of the footer.
 * Written by column and read by column and page, since that is what finding one object in a part needs.
 */
package dev.traversion.archive.parquet;
