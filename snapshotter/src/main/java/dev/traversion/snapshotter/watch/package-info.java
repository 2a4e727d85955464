/* SPDX-License-Identifier: Apache-2.0 */
/** A supervised stream per resource: initial list, watch, reconnect, relist, and what they say about coverage. */
package dev.traversion.snapshotter.watch;
