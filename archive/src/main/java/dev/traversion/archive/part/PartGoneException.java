/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.TraversionException;
import java.nio.file.NoSuchFileException;

/** A part is not there any more: others took its place or it was forgotten since its commit was read; or it was lost. */
public final class PartGoneException extends TraversionException {

    private static final long serialVersionUID = 1L;

    PartGoneException(String path, NoSuchFileException cause) {
        super(path + " is missing. Restore the file from a copy of the recording.", cause);
    }
}
