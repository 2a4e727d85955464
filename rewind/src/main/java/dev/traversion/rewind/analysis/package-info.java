/* SPDX-License-Identifier: Apache-2.0 */
/** Diff and timeline as JSON, for the console and whoever asks. */
package dev.traversion.rewind.analysis;
