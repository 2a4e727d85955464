/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The tables of what happened on nodes: what agents landed, compacted into sorted Parquet files, and what is not compacted yet.
 *
 * <p>Each table is committed by itself. A commit says up to which landed file of each node its rows are in the table; a landed file is
 * deleted when every table has its rows. So a run that is killed anywhere loses and repeats nothing.
 */
package dev.traversion.archive.node;
