/* SPDX-License-Identifier: Apache-2.0 */
/** Pure functions over the archive's view of time: diff, timeline, cause. */
package dev.traversion.analysis;
