/* SPDX-License-Identifier: Apache-2.0 */
/** Which resources a cluster serves. */
package dev.traversion.snapshotter.discovery;
