/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import java.util.TreeMap;

/** An object store: what it holds, and how it is doing. */
final class SimulatedBucket {

    final TreeMap<String, byte[]> files = new TreeMap<>();
    private boolean failing;
    private boolean losesAnswers;

    /** Whether every request fails. */
    boolean isFailing() {
        return failing;
    }

    void fail(boolean fails) {
        failing = fails;
    }

    /** Whether some requests fail, and some are done but not answered. */
    boolean losesAnswers() {
        return losesAnswers;
    }

    void loseAnswers(boolean loses) {
        losesAnswers = loses;
    }
}
