/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/**
 * How a recording is written.
 *
 * @param writer who writes it; stable over restarts, unique among those who write to the same recording
 * @param stateDirectory where the log is kept if the store is not a directory of this machine, and files that are being written
 * @param partChanges a part is closed after so many changes, or {@code partFactor} times the live objects if that is more ...
 * @param partFactor likewise
 * @param mostPartChanges ... but after so many in any case ...
 * @param partDuration ... and after so long
 * @param mostTailBytes ... or when readers hold so much of what is not in a part, which they keep in memory
 * @param mostLogBytes how large the log may become while nothing can be sealed; then it stalls, as on a full disk
 * @param uploadInterval how often the log is copied to a store that is not a directory of this machine
 * @param clock the time of commits
 */
public record WriterOptions(
        String writer,
        Path stateDirectory,
        long partChanges,
        int partFactor,
        long mostPartChanges,
        Duration partDuration,
        long mostTailBytes,
        long mostLogBytes,
        Duration uploadInterval,
        Clock clock) {

    /** The usual limits: the carry rows that begin each part stay below a tenth of it. */
    public static WriterOptions of(String writer, Path stateDirectory) {
        return new WriterOptions(
                writer,
                stateDirectory,
                10_000,
                12,
                1_000_000,
                Duration.ofHours(1),
                256L << 20,
                16L << 30,
                Duration.ofSeconds(5),
                Clock.systemUTC());
    }

    /** The same with another limit of the log. */
    public WriterOptions withMostLogBytes(long bytes) {
        return new WriterOptions(
                writer,
                stateDirectory,
                partChanges,
                partFactor,
                mostPartChanges,
                partDuration,
                mostTailBytes,
                bytes,
                uploadInterval,
                clock);
    }
}
