/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.landing;

/**
 * A column of landed rows.
 *
 * @param isText whether it holds UTF-8 texts, else 64-bit signed numbers
 */
public record LandingColumn(String name, boolean isText) {

    static LandingColumn number(String name) {
        return new LandingColumn(name, false);
    }

    static LandingColumn text(String name) {
        return new LandingColumn(name, true);
    }
}
