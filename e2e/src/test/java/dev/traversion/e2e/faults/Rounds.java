/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

/** How often something is broken. */
final class Rounds {

    private Rounds() {}

    /** As often as usual, times TRAVERSION_FAULT_ROUNDS. */
    static int of(int usual) {
        String factor = System.getenv("TRAVERSION_FAULT_ROUNDS");
        return usual * (factor == null || factor.isEmpty() ? 1 : Integer.parseInt(factor));
    }
}
