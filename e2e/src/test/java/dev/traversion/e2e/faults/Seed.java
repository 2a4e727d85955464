/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

/** Where the chance in these tests comes from. */
final class Seed {

    private Seed() {}

    /** That of {@code -Dseed}, or a new one; printed, so that a failure can be repeated. */
    static long take() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("Repeat with -Dseed=" + seed);
        return seed;
    }
}
