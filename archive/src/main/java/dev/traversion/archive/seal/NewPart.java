/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.seal;

import dev.traversion.archive.Layout;
import dev.traversion.archive.parquet.WrittenFile;
import dev.traversion.archive.part.PartFile;

/**
 * A part that is written, and not stored yet.
 *
 * @param start see {@link PartFile#start()}
 * @param packed whether it is packed for long: its name tells, so that it is not done again
 */
public record NewPart(WrittenFile file, long start, boolean packed) {

    private static final String PACKED = "packed-";

    /** Whether a part is packed for long. */
    public static boolean isPacked(PartFile part) {
        return part.path().contains("/" + PACKED);
    }

    String path(Layout layout) {
        return layout.versions() + "/data/part=" + start + "/" + (packed ? PACKED : "") + file.name();
    }
}
