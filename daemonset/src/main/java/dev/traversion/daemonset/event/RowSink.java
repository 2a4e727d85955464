/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import dev.traversion.archive.landing.LandingTable;
import dev.traversion.archive.landing.RowBlock;

/** Where rows go. */
public interface RowSink {

    /** The block for the next row of a table, which has room for it. */
    RowBlock block(LandingTable table);
}
