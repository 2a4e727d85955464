/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import dev.traversion.archive.TraversionException;
import dev.traversion.archive.landing.RowBlock;
import dev.traversion.masking.Masking;
import java.util.function.Supplier;

/** Where a program began, masked as its arguments are; of a path that is too long only the end, after ".../". For one thread. */
final class WorkingDirectory {

    private final Supplier<Masking> masking;

    WorkingDirectory(Supplier<Masking> masking) {
        this.masking = masking;
    }

    void tell(RowBlock row, EventData data) {
        int start = data.intAt(Layouts.Exec.DIRECTORY_START);
        if (start < 0 || start >= Layouts.DIRECTORY_BYTES) {
            return;
        }
        String path = data.text(Layouts.Exec.DIRECTORY + start, Layouts.DIRECTORY_BYTES - start);
        try {
            String masked = masking.get().text("", path);
            row.set(ProcessColumns.WORKING_DIRECTORY, path.startsWith("/") ? masked : ".../" + masked);
        } catch (TraversionException e) {
            // What is secret is not known just now: it is left empty.
            System.getLogger(WorkingDirectory.class.getName()).log(System.Logger.Level.TRACE, "not told", e);
        }
    }
}
