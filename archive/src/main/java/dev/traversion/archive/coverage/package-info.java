/* SPDX-License-Identifier: Apache-2.0 */
/** What was observed without loss, and the gaps: from a recorder's marks to intervals, and those as a table. */
package dev.traversion.archive.coverage;
