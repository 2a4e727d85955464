/* SPDX-License-Identifier: Apache-2.0 */
/** Pure functions over the archive's view of time: what they return follows from the recording and their arguments alone. */
package dev.traversion.analysis;
