/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Trait;
import dev.traversion.archive.parquet.TextPage;
import java.io.IOException;

/** Where the pages of a row group's bodies come from, and what was worked out of them. */
interface BodyPages {

    TextPage body(int row);

    TextPage managedFields(int row);

    /** @param version of that row */
    long trait(Trait trait, int row, ObjectVersion version) throws IOException;
}
