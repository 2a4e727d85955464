/* SPDX-License-Identifier: Apache-2.0 */
/** Packing of old parts: those of a day become one, which repeats no state and is compressed harder. */
package dev.traversion.archive.compaction;
