/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

/**
 * What the probes are told.
 *
 * @param memoryHierarchy whether processes are attributed by cgroup v1's memory hierarchy, else by that of v2
 * @param eventsPerSecond events of a type that one cgroup may cause in a second, 0 for no limit
 * @param slowBlockNanos from which on a request of a block device is told by itself
 * @param arguments whether arguments of programs are told
 * @param ringBytes of the ring for flows and segments: a power of two
 * @param rareRingBytes of the ring for processes: a power of two
 */
public record ProbeSettings(
        boolean memoryHierarchy,
        int eventsPerSecond,
        long slowBlockNanos,
        boolean arguments,
        int ringBytes,
        int rareRingBytes) {}
