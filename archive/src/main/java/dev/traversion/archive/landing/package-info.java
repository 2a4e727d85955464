/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What node agents land: rows of events as they come, in files of checksummed zstd blocks, before they are compacted into tables.
 *
 * <pre>
 * file    = header block* [end]
 * header  = "TROW" u16 major u16 minor u32 length json u32 crc32c(all before)
 * block   = "ROW\n" u32 stored u32 length u32 rows u16 table u16 columns u32 crc32c(all before) u32 crc32c(payload) payload
 * end     = a block of no rows
 * column  = varint id, u8 encoding, varint length, values
 * </pre>
 *
 * The payload is zstd of the columns, one after the other; the numbers above are big-endian. A block stands alone: it is read without
 * the others. Columns and tables that a reader does not know are skipped, so newer ones need no new major version.
 */
package dev.traversion.archive.landing;
