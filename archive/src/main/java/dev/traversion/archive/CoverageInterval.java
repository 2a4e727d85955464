/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

/**
 * A stretch of time of one type, either observed without loss or a declared gap. What no interval covers is a gap whose reason is
 * that nothing was recording.
 *
 * @param from ns, inclusive
 * @param to ns, exclusive; {@link Long#MAX_VALUE} while it lasts
 * @param fromVersion resourceVersion at {@code from}, {@code ""} if unknown
 * @param toVersion resourceVersion at {@code to}, {@code ""} if unknown
 * @param observed whether every change in it is recorded
 * @param reason why it is a gap; if observed, what limits the observation, {@code ""} if nothing does
 */
public record CoverageInterval(
        ResourceType type, long from, long to, String fromVersion, String toVersion, boolean observed, String reason) {}
