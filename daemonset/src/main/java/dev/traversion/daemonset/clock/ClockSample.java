/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.clock;

/**
 * Two clocks read together, nanoseconds.
 *
 * @param boot of the boot clock
 * @param utc since 1970
 * @param uncertainty how far apart the readings were
 */
public record ClockSample(long boot, long utc, long uncertainty) {}
