/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Objects;

/**
 * Which sealed files were removed by a commit, and why: sealed with it, so that verification tells what was forgotten from what is
 * missing.
 *
 * @param format {@code 1.0}
 * @param time RFC 3339
 * @param reasons a sentence each
 * @param files paths in the recording
 * @param upTo of all that the seals of commits up to this one name, only what is still in use is kept; 0 if that is not said
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Removal(String format, String time, List<String> reasons, List<String> files, int upTo) {

    public Removal {
        Objects.requireNonNull(reasons, "reasons");
        Objects.requireNonNull(files, "files");
    }

    /** The folder of removals in the recording. */
    public static final String FOLDER = "removals/";
}
