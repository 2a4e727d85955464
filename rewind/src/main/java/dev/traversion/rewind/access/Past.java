/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.access;

import dev.traversion.archive.History;

/**
 * The stretch of a recording that a read is about.
 *
 * @param from ns since the epoch
 * @param to the same for a single moment
 */
public record Past(History history, long from, long to) {

    public static Past at(History history, long time) {
        return new Past(history, time, time);
    }
}
