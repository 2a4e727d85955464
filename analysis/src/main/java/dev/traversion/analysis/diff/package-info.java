/* SPDX-License-Identifier: Apache-2.0 */
/** What changed between two moments, field by field, and who changed it. */
package dev.traversion.analysis.diff;
