/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AheadTest {

    private final Set<Integer> worked = ConcurrentHashMap.newKeySet();
    private final AtomicInteger times = new AtomicInteger();

    private int work(int piece) {
        worked.add(piece);
        times.incrementAndGet();
        return 10 * piece;
    }

    @Test
    void eachPieceIsWorkedOutOnceAndComesInOrder() {
        for (int helpers = 0; helpers < 3; helpers++) {
            times.set(0);
            try (Ahead<Integer> ahead = new Ahead<>(500, 4, helpers, this::work)) {
                for (int piece = 0; piece < 500; piece++) {
                    assertThat(ahead.get(piece)).isEqualTo(10 * piece);
                }
            }
            assertThat(times).hasValue(500);
        }
    }

    @Test
    void withoutHelpersOnlyWhatIsAskedForIsWorkedOut() {
        try (Ahead<Integer> ahead = new Ahead<>(10, 4, 0, this::work)) {
            assertThat(ahead.get(2)).isEqualTo(20);
            assertThat(ahead.get(7)).isEqualTo(70);
        }
        assertThat(worked).containsExactlyInAnyOrder(2, 7);
    }

    @Test
    void whatIsPassedOverIsNotWaitedFor() {
        try (Ahead<Integer> ahead = new Ahead<>(1000, 4, 1, this::work)) {
            for (int piece = 0; piece < 1000; piece += 100) {
                assertThat(ahead.get(piece)).isEqualTo(10 * piece);
            }
        }
        assertThat(times.get()).isLessThanOrEqualTo(10 * 4);
        assertThat(worked).contains(0, 100, 900);
    }

    @Test
    void aFailureIsToldToWhoAsksForThatPiece() {
        try (Ahead<Integer> ahead = new Ahead<>(10, 4, 1, piece -> {
            if (piece == 3) {
                throw new IllegalStateException("no third");
            }
            return piece;
        })) {
            for (int piece = 0; piece < 3; piece++) {
                assertThat(ahead.get(piece)).isEqualTo(piece);
            }
            assertThatThrownBy(() -> ahead.get(3)).hasMessage("no third");
            assertThat(ahead.get(4)).isEqualTo(4);
        }
    }

    @Test
    void nothingIsBegunAfterTheReaderLeft() throws InterruptedException {
        Ahead<Integer> ahead = new Ahead<>(1000, 4, 1, this::work);
        ahead.get(0);
        ahead.close();
        Thread.sleep(20);
        assertThat(worked).doesNotContain(5);
        assertThat(times.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void nobodyGoesBack() {
        try (Ahead<Integer> ahead = new Ahead<>(10, 4, 0, this::work)) {
            ahead.get(5);
            assertThatThrownBy(() -> ahead.get(4)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
