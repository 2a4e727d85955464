/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.retention;

import java.time.Duration;

/**
 * How much a recording keeps. What is beyond any of them is forgotten, oldest first.
 *
 * @param age how far back it reaches; null for no limit
 * @param bytes of its parts; {@link Long#MAX_VALUE} for no limit
 * @param diskShare of the file system that may be in use, by whatever, in percent; 100 for no limit
 */
public record Limits(Duration age, long bytes, int diskShare) {

    public static final Limits NONE = new Limits(null, Long.MAX_VALUE, 100);
}
