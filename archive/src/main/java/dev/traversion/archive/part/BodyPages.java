/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import dev.traversion.archive.parquet.TextPage;

/** Where the pages of a row group's bodies come from. */
interface BodyPages {

    TextPage body(int row);

    TextPage managedFields(int row);
}
