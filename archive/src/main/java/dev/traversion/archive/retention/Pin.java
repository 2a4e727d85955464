/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.retention;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Objects;

/**
 * A moment or a stretch that retention keeps.
 *
 * @param name unique within the recording
 * @param from ns, inclusive
 * @param to ns, inclusive; {@code from} for a moment
 * @param reason as told by whoever pinned it, {@code ""} if none was
 * @param created when, RFC 3339
 * @param hold whether it is a legal hold, which forbids to erase anything of that time as well
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Pin(String name, long from, long to, String reason, String created, boolean hold) {

    public Pin {
        Objects.requireNonNull(name, "name");
    }
}
