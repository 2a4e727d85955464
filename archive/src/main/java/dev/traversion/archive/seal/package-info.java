/* SPDX-License-Identifier: Apache-2.0 */
/** Sealing: the log's changes become a part, the part and its coverage are committed, and a chain of hashes covers it all. */
package dev.traversion.archive.seal;
