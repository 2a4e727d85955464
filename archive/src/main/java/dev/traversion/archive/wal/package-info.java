/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The write-ahead log: changes and coverage marks as they come, in segments of checksummed zstd blocks, synced in groups.
 *
 * <pre>
 * segment = header block* [end]                   a fence is a header that says so, and an end
 * header  = "TWAL" u16 major u16 minor u32 length json u32 crc32c(all before)
 * block   = "BLK\n" u32 stored u32 length u32 records u32 crc32c(the three before) u32 crc32c(payload) payload
 * end     = a block of no records
 * </pre>
 *
 * The payload is zstd; numbers are big-endian. A segment is self-contained: names are defined where they first occur, and the first
 * version of an object in it is whole; later ones are deltas against the one before.
 */
package dev.traversion.archive.wal;
