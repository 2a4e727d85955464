/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.members.SharingModel.Recorder;
import dev.traversion.archive.testing.MemoryStore;
import dev.traversion.archive.testing.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MembershipTest {

    private static final int TYPES = 12;
    private static final int WRITERS = 4;
    private static final int SEEDS = 300;
    private static final int STEPS = 250;

    @Test
    void oneAloneRecordsEverything() {
        SharingModel model = new SharingModel(new MemoryStore(), TYPES, true);
        Recorder alone = model.join("a");
        settle(model);
        assertThat(alone.streams()).isEqualTo(TYPES);
    }

    @Test
    void threeShareWhatThereIs() {
        SharingModel model = new SharingModel(new MemoryStore(), TYPES, true);
        List<Recorder> all = List.of(model.join("a"), model.join("b"), model.join("c"));
        settle(model);
        assertThat(all).allSatisfy(each -> assertThat(each.streams()).isPositive());
        assertThat(all.stream().mapToInt(Recorder::streams).sum()).isEqualTo(TYPES);
    }

    @Test
    void whoJoinsIsSettledWhenItsPartIsGivenToIt() {
        SharingModel model = new SharingModel(new MemoryStore(), TYPES, true);
        Recorder first = model.join("a");
        settle(model);
        Recorder second = model.join("b");
        second.beat();
        second.record();
        second.beat();
        assertThat(first.isSettled()).isTrue();
        assertThat(second.isSettled())
                .as("the first one has not given its part away")
                .isFalse();
        settle(model);
        assertThat(second.isSettled()).isTrue();
    }

    @Test
    void whoIsKilledIsReplacedByTheOthers() {
        SharingModel model = new SharingModel(new MemoryStore(), TYPES, true);
        Recorder killed = model.join("a");
        Recorder left = model.join("b");
        settle(model);
        killed.kill();
        settle(model);
        assertThat(left.streams()).isEqualTo(TYPES);
    }

    @Test
    void whoLeavesIsReplacedAtOnce() throws IOException {
        SharingModel model = new SharingModel(new MemoryStore(), TYPES, true);
        Recorder leaving = model.join("a");
        Recorder left = model.join("b");
        settle(model);
        leaving.leave();
        for (int i = 0; i < 3; i++) {
            left.beat();
            left.record();
        }
        assertThat(left.streams()).as("without any time passing").isEqualTo(TYPES);
    }

    @Test
    void aStoreThatWasAwayMakesNobodyDead() {
        MemoryStore store = new MemoryStore();
        SharingModel model = new SharingModel(store, TYPES, true);
        List<Recorder> all = List.of(model.join("a"), model.join("b"));
        settle(model);
        store.setAway(true);
        for (int i = 0; i < 60; i++) {
            model.pass(2_000);
            all.forEach(Recorder::beat);
        }
        store.setAway(false);
        settle(model);
        assertThat(all).noneMatch(Recorder::isDead);
    }

    @Test
    void whoeverStallsDiesOrComesBackNothingIsLostDoubledOrOutOfOrder() throws IOException {
        long seed = Seed.take();
        for (int i = 0; i < SEEDS; i++) {
            assertThat(faults(seed + i, true))
                    .as("-Dtraversion.seed=" + (seed + i))
                    .isEmpty();
        }
    }

    @Test
    void withoutFencesAStalledRecorderIsCaughtDoublingVersions() throws IOException {
        long seed = Seed.take();
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < SEEDS && faults.isEmpty(); i++) {
            faults.addAll(faults(seed + i, false));
        }
        assertThat(faults).isNotEmpty();
    }

    /** Steps of any recorder in any order, with stalls of any length at any point. */
    private static List<String> faults(long seed, boolean fenced) throws IOException {
        Random random = new Random(seed);
        MemoryStore store = new MemoryStore();
        SharingModel model = new SharingModel(store, TYPES, fenced);
        Map<Recorder, Integer> stalled = new HashMap<>();
        for (int step = 0; step < STEPS; step++) {
            model.pass(random.nextInt(600));
            for (int i = random.nextInt(4); i > 0; i--) {
                model.change(random.nextInt(TYPES));
            }
            if (random.nextInt(60) == 0) {
                store.setAway(true);
            } else if (random.nextInt(10) == 0) {
                store.setAway(false);
            }
            List<Recorder> alive = alive(model);
            if (alive.size() < WRITERS && random.nextInt(8) == 0) {
                join(model, random);
            }
            for (Recorder each : alive) {
                if (stalled.merge(each, -1, Integer::sum) > 0) {
                    continue;
                }
                switch (random.nextInt(60)) {
                    case 0 -> stalled.put(each, random.nextInt(120));
                    case 1 -> each.kill();
                    case 2 -> {
                        store.setAway(false);
                        each.leave();
                    }
                    default -> act(each, random);
                }
            }
        }
        store.setAway(false);
        settle(model);
        return model.faults();
    }

    private static void act(Recorder recorder, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> recorder.beat();
            case 1 -> recorder.record();
            default -> recorder.upload();
        }
    }

    private static void join(SharingModel model, Random random) {
        String writer = "w" + random.nextInt(WRITERS);
        if (alive(model).stream().noneMatch(each -> each.writer().equals(writer))) {
            model.join(writer);
        }
    }

    private static List<Recorder> alive(SharingModel model) {
        return model.recorders().stream().filter(each -> !each.isDead()).toList();
    }

    private static void settle(SharingModel model) {
        for (int i = 0; i < 30; i++) {
            model.pass(2_000);
            if (alive(model).isEmpty()) {
                // As those do who find that they were kept out.
                model.join("again");
            }
            for (Recorder each : alive(model)) {
                each.beat();
                if (!each.isDead()) {
                    each.record();
                    each.upload();
                }
            }
        }
    }
}
