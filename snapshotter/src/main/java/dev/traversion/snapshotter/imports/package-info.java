/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Turns what others collected of a cluster - OpenShift's must-gather archives, {@code kubectl cluster-info dump} - into recordings:
 * read as streams, masked before anything reaches a disk, put in the order of time.
 */
package dev.traversion.snapshotter.imports;
