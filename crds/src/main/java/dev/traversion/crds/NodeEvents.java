/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

/** What can be recorded of what happens on nodes, beside what containers use. */
public enum NodeEvents {
    processes,
    kills,
    connections,
    disks,
    dns,
    arguments
}
