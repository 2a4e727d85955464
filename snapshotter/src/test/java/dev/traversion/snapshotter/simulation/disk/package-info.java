/* SPDX-License-Identifier: Apache-2.0 */
/** A disk in memory that keeps for certain only what was synced, under {@link java.nio.file}. */
package dev.traversion.snapshotter.simulation.disk;
