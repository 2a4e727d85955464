/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.ResourceType;
import org.junit.jupiter.api.Test;

class SeenRevisionsTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType EVENTS = new ResourceType("", "events");

    private final SeenRevisions seen = new SeenRevisions();

    @Test
    void whatNoStreamSawIsFoundFromTheNewestToTheOldest() {
        seen.add(PODS, 11);
        seen.add(EVENTS, 13);
        seen.add(PODS, 15);
        assertThat(seen.unseen(10, 16)).hasValue(3);
        assertThat(seen.lastUnseen(10, 16)).isEqualTo(16);
        assertThat(seen.lastUnseen(10, 15)).isEqualTo(14);
        assertThat(seen.lastUnseen(10, 13)).isEqualTo(12);
        assertThat(seen.lastUnseen(10, 11)).isZero();
    }

    @Test
    void streamsNeedNotSeeInOrder() {
        seen.add(PODS, 30);
        seen.add(EVENTS, 29);
        seen.add(PODS, 30);
        assertThat(seen.unseen(28, 30)).hasValue(0);
    }

    @Test
    void twoEtcdsWhoseRevisionsMeetCannotBeToldApart() {
        seen.add(PODS, 30);
        seen.add(EVENTS, 30);
        assertThat(seen.unseen(28, 30)).isEmpty();
    }

    @Test
    void whatIsTooLongAgoIsForgotten() {
        long later = 1_000_000;
        seen.add(PODS, 5);
        seen.add(PODS, later);
        assertThat(seen.unseen(4, later)).isEmpty();
        assertThat(seen.unseen(later - 10, later)).hasValue(9);
        seen.add(PODS, 6);
        assertThat(seen.unseen(later - 10, later)).hasValue(9);
    }
}
