/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

/** How sure a step is. */
public enum Tier {
    /** Proved: what the rule requires held on the state before the change, fails after it, and the change touches it. */
    A,
    /** The mechanism matches what was observed: a message, a state of a container. */
    B,
    /** Near in time and place only. */
    C;

    public Tier worse(Tier other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
