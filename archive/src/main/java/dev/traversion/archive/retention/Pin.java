/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.retention;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Objects;

/**
 * A moment or a stretch that retention keeps, a legal hold for instance.
 *
 * @param name unique within the recording
 * @param from ns, inclusive
 * @param to ns, inclusive; {@code from} for a moment
 * @param reason as told by whoever pinned it, {@code ""} if none was
 * @param created when, RFC 3339
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Pin(String name, long from, long to, String reason, String created) {

    public Pin {
        Objects.requireNonNull(name, "name");
    }
}
