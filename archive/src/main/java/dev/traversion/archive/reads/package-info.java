/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who read what of the past. Each writer has a chain of its own, {@code reads/<chain>/<first>-<last>.jsonl}: batches with consecutive
 * numbers, each of which names the SHA-256 of the one before it, and now and then those of the newest batches of all other chains.
 */
package dev.traversion.archive.reads;
