/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.parquet;

import dev.traversion.archive.TraversionException;

/** Stored bytes are not those that were written. */
final class Damage {

    private Damage() {}

    static TraversionException in(String file, long offset, String what) {
        return new TraversionException("%s is damaged at byte %d: %s. Restore the file from a copy of the recording."
                .formatted(file, offset, what));
    }
}
