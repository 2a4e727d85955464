/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.testing;

/** Where the chance in tests comes from. */
public final class Seed {

    // One for the whole process: a test that failed and is run again meets the same chance.
    private static final long SEED = Long.getLong("traversion.seed", System.nanoTime());

    private Seed() {}

    /** That of {@code -Dtraversion.seed}, or a new one; printed, so that a failure can be repeated. */
    public static long take() {
        System.out.println("Repeat with -Dtraversion.seed=" + SEED);
        return SEED;
    }
}
