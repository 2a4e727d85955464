/* SPDX-License-Identifier: Apache-2.0 */
/** A recording compared with the cluster that it is of. */
package dev.traversion.snapshotter.live;
