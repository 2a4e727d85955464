/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ordered, unique, reliable, atomic, resumable, bookmarkable: what etcd promises to watchers, for what was recorded of it. */
class SimulationTest {

    private static final int SEEDS = Integer.getInteger("traversion.seeds", 10_000);
    private static final int MOST_FAILURES = 5;

    /** One run only, with everything that happens in it. */
    private static final Long SEED = Long.getLong("traversion.seed");

    @Test
    void whatHappensLosesNothingThatNoGapAdmits() {
        if (SEED != null) {
            System.out.println("hash " + Simulation.run(SEED, new Parts(), System.out::println));
            return;
        }
        long first = Long.getLong("traversion.first", 1);
        System.out.println("seeds " + first + " to " + (first + SEEDS - 1));
        List<String> failures = IntStream.range(0, SEEDS)
                .parallel()
                .mapToObj(i -> failure(first + i))
                .filter(failure -> !failure.isEmpty())
                .limit(MOST_FAILURES)
                .toList();
        assertThat(failures).isEmpty();
    }

    /** A recorder that was killed while it created the first folder, and a power failure in the life of the next one. */
    @Test
    void aFolderThatAKilledRecorderCreatedOutlivesAPowerFailure() {
        Simulation.run(2641, new Parts(), null);
    }

    private static String failure(long seed) {
        try {
            Simulation.run(seed, new Parts(), null);
            return "";
        } catch (AssertionError e) {
            return e.getMessage();
        }
    }

    @Test
    void aSeedReproducesARun() {
        for (long seed = 0; seed < 20; seed++) {
            List<String> once = new ArrayList<>();
            List<String> again = new ArrayList<>();
            long hash = Simulation.run(seed, new Parts(), once::add);
            assertThat(Simulation.run(seed, new Parts(), again::add)).isEqualTo(hash);
            assertThat(again).isEqualTo(once);
        }
    }
}
