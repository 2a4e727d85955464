/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * A {@link Removal} of what was damaged. Files that a lost seal had sealed are sealed anew with it.
 *
 * @param format {@code 1.0}
 * @param time RFC 3339
 * @param reasons what was damaged and what became of it, a sentence each
 * @param files what is not there any more, by path in the store
 * @param resealed what is to be sealed with this commit, by path in the store
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RepairRecord(
        String format, String time, List<String> reasons, List<String> files, List<String> resealed) {

    /** How their paths in the recording begin. */
    public static final String PREFIX = Removal.FOLDER + "repair-";
}
