/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

/**
 * A column of landed rows.
 *
 * @param isText whether it holds UTF-8 texts, else 64-bit signed numbers
 * @param isTime whether its numbers are nanoseconds of the node's boot clock, which become UTC in the tables
 * @param isLater whether older versions made tables without it; those that are stand behind all others
 */
public record LandingColumn(String name, boolean isText, boolean isTime, boolean isLater) {

    static LandingColumn number(String name) {
        return new LandingColumn(name, false, false, false);
    }

    static LandingColumn text(String name) {
        return new LandingColumn(name, true, false, false);
    }

    static LandingColumn time(String name) {
        return new LandingColumn(name, false, true, false);
    }

    LandingColumn later() {
        return new LandingColumn(name, isText, isTime, true);
    }
}
