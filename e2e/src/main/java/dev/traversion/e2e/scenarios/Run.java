/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import java.util.Locale;

/**
 * One run of one scenario.
 *
 * @param seed decides about the decoys
 */
record Run(Scenario scenario, long seed, Decoys.Kind decoys) {

    /** Also of the folder in which it is kept. */
    String name() {
        return scenario.name()
                + (decoys == Decoys.Kind.NONE ? "" : "-" + decoys.name().toLowerCase(Locale.ROOT))
                + (seed == 1 ? "" : "-" + seed);
    }
}
