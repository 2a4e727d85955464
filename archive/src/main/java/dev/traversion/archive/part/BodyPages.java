/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.Trait;
import dev.traversion.archive.parquet.TextPage;

/** Where the pages of a row group's bodies come from, and what was worked out of them. */
interface BodyPages {

    TextPage body(int row);

    TextPage managedFields(int row);

    long trait(Trait trait, int row);
}
