/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

/**
 * What became of events in the kernel.
 *
 * @param written those handed over
 * @param lost those for which a ring had no space
 * @param lostBytes of those
 * @param limited those of a cgroup that caused more than it may
 */
public record EventCounter(long written, long lost, long lostBytes, long limited) {

    public static final EventCounter NONE = new EventCounter(0, 0, 0, 0);
}
