/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.retention.Limits;
import dev.traversion.kubectl.time.TimeParser;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How much of a recording is kept. */
final class KeepOptions {

    @Option(
            names = "--keep",
            paramLabel = "DURATION",
            defaultValue = "",
            description = "Keep so much time, such as 14d.")
    private String age;

    @Option(
            names = "--keep-size",
            paramLabel = "SIZE",
            defaultValue = "",
            description = "Keep parts of so many bytes per cluster, such as 50Gi (Ki, Mi, Gi, Ti).")
    private String size;

    @Option(
            names = "--keep-share",
            paramLabel = "PERCENT",
            defaultValue = "",
            description = "Keep the disk of the directory below this, such as 80%%, whatever else is on it.")
    private String share;

    /**
     * The limits; {@link Limits#NONE} if none was given.
     *
     * @throws dev.traversion.archive.TraversionException if one is not written as it should be
     */
    Limits limits() {
        Duration duration = age.isEmpty() ? null : TimeParser.parseDuration(age);
        return new Limits(
                duration,
                size.isEmpty() ? Limits.NONE.bytes() : Sizes.bytes(size),
                share.isEmpty() ? Limits.NONE.diskShare() : Sizes.percent(share));
    }
}
