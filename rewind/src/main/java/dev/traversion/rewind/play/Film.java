/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.play;

import dev.traversion.rewind.cluster.Pace;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A stretch of the past shown again. It begins to run with the first who watches, runs for all who watch alike, and is back at its
 * beginning when nobody does any more. Safe for concurrent use.
 */
final class Film implements Pace {

    private final long from;
    private final long to;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private double speed;
    private boolean paused;
    private int watching;

    /** Where it was at {@link #since}, ns. */
    private long position;

    private long since = System.nanoTime();

    /**
     * @param from where it begins, ns
     * @param to where it ends, ns
     * @param speed seconds shown in a second
     */
    Film(long from, long to, double speed) {
        this.from = from;
        this.to = to;
        this.speed = speed;
        this.position = from;
    }

    /**
     * How it runs.
     *
     * @param position the instant it shows, ns
     * @param speed seconds shown in a second
     * @param watching how many watch it
     */
    record Status(long from, long to, long position, double speed, boolean paused, int watching) {}

    Status status() {
        lock.lock();
        try {
            return new Status(from, to, position(), speed, paused, watching);
        } finally {
            lock.unlock();
        }
    }

    /** Changes how it runs. */
    void control(double newSpeed, boolean pause) {
        lock.lock();
        try {
            settle();
            speed = newSpeed;
            paused = pause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long end() {
        return to;
    }

    /** The film begins where its first watcher stands. */
    @Override
    public Viewing begin(long instant) {
        lock.lock();
        try {
            if (watching == 0) {
                position = Math.clamp(instant, from, to);
                since = System.nanoTime();
            }
            watching++;
        } finally {
            lock.unlock();
        }
        return new Seat();
    }

    private void forget() {
        lock.lock();
        try {
            watching--;
            if (watching == 0) {
                position = from;
                paused = false;
            }
        } finally {
            lock.unlock();
        }
    }

    private long position() {
        if (watching == 0 || paused) {
            return position;
        }
        double shown = (System.nanoTime() - since) * speed;
        return shown >= to - position ? to : position + (long) shown;
    }

    /** Makes the present position the one from which the next is counted. */
    private void settle() {
        position = position();
        since = System.nanoTime();
    }

    private final class Seat implements Viewing {

        private final AtomicBoolean left = new AtomicBoolean();

        @Override
        public boolean await(long instant, long deadline) throws InterruptedException {
            lock.lock();
            try {
                long missing = instant - position();
                long patience = deadline - System.nanoTime();
                while (missing > 0 && patience > 0) {
                    changed.awaitNanos(paused ? patience : Math.min(patience, (long) (missing / speed) + 1));
                    missing = instant - position();
                    patience = deadline - System.nanoTime();
                }
                return missing <= 0;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long now() {
            return status().position();
        }

        @Override
        public void leave() {
            if (!left.getAndSet(true)) {
                forget();
            }
        }
    }
}
