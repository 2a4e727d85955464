/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Tells of whom no new beat has come for too long, by the observer's own clock that never jumps. Only time in which the observer
 * really looked counts: whoever was stalled himself, or could not reach the store, must not take others for dead. For one thread.
 */
final class Silence {

    private final long mostNanos;
    private final long mostStepNanos;
    private final Map<MemberId, Heard> heard = new HashMap<>();
    private long lastLook;
    private boolean looking;

    private static final class Heard {
        long number;
        long silentNanos;
    }

    /**
     * @param most silence that is tolerated
     * @param mostStep what a pause between two looks counts at most
     */
    Silence(Duration most, Duration mostStep) {
        this.mostNanos = most.toNanos();
        this.mostStepNanos = mostStep.toNanos();
    }

    /**
     * Notes what was found.
     *
     * @param newest the number of the newest beat of each
     * @param now ns, of a clock that never jumps
     * @return those who were silent for too long
     */
    Set<MemberId> look(Map<MemberId, Long> newest, long now) {
        long step = looking ? Math.min(now - lastLook, mostStepNanos) : 0;
        looking = true;
        lastLook = now;
        heard.keySet().retainAll(newest.keySet());
        Set<MemberId> silent = new HashSet<>();
        newest.forEach((member, number) -> {
            Heard before = heard.computeIfAbsent(member, any -> new Heard());
            before.silentNanos = number == before.number ? before.silentNanos + step : 0;
            before.number = number;
            if (before.silentNanos >= mostNanos) {
                silent.add(member);
            }
        });
        return silent;
    }

    /** The store could not be reached: nobody can have been heard, and everybody gets all the time again. */
    void deaf() {
        looking = false;
        heard.clear();
    }
}
