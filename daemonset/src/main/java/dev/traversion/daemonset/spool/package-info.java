/* SPDX-License-Identifier: Apache-2.0 */
/** Rows on their way to files, bounded in memory and on disk. */
package dev.traversion.daemonset.spool;
