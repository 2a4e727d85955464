/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A resource's turn to list: only so many do at the same time, so that a start is no flood. */
final class ListPermit {

    private final Semaphore lists;
    private boolean isHeld;

    ListPermit(Semaphore lists) {
        this.lists = lists;
    }

    /** Waits for it; false if that is given up. */
    boolean await(BooleanSupplier isGivenUp) throws InterruptedException {
        while (!lists.tryAcquire(100, TimeUnit.MILLISECONDS)) {
            if (isGivenUp.getAsBoolean()) {
                return false;
            }
        }
        isHeld = true;
        return true;
    }

    /** Lets another resource list. */
    synchronized void release() {
        if (isHeld) {
            isHeld = false;
            lists.release();
        }
    }
}
