/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.core.JacksonException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** Failures in a few words, as part of a sentence. */
final class Failures {

    private Failures() {}

    static String describe(Exception e) {
        return switch (e) {
            case JacksonException parsing ->
                parsing.getOriginalMessage().replaceAll("\\s+", " ")
                        + (parsing.getLocation() == null
                                ? ""
                                : " (line " + parsing.getLocation().getLineNr() + ")");
            case AccessDeniedException denied -> "not allowed to read it";
            case IOException io when io.getMessage() == null -> io.getClass().getSimpleName();
            default -> String.valueOf(e.getMessage());
        };
    }
}
