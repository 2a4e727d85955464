/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/**
 * Runs threads one at a time on the thread that calls {@link #run}, in an order that chance decides, and lets time pass only when all
 * wait. They are virtual threads, whose waiting for each other (queues, futures, locks) the JDK hands back here.
 */
final class Scheduler {

    /** A thread, and what the JDK gives when it can go on. */
    private final class Runner implements Executor {
        private Thread thread;
        private volatile Runnable task;

        @Override
        public void execute(Runnable continuation) {
            Thread caller = Thread.currentThread();
            if (caller == driver || caller == running) {
                task = continuation;
                ready.add(this);
            } else if (caller.isVirtual()) {
                // Of another simulation, which let go of a lock of a library that both wanted.
                task = continuation;
                woken.add(this);
            } else {
                // Woken by no thread of the simulation; whether it may be so, the driver finds out.
                foreign = caller;
                task = continuation;
            }
        }

        void run() {
            do {
                Runnable continuation = task;
                task = null;
                running = thread;
                continuation.run();
                running = null;
            } while (isContended());
        }

        /** Whether it met another simulation in a monitor of the JDK's: then it goes on at once, as if it had not. */
        private boolean isContended() {
            while (task == null && isBlocked()) {
                Thread.onSpinWait();
            }
            boolean contended = task != null && !ready.contains(this);
            if (contended) {
                foreign = null;
            }
            return contended;
        }

        private boolean isBlocked() {
            Thread.State state = thread.getState();
            return state == Thread.State.BLOCKED || state == Thread.State.RUNNABLE;
        }
    }

    private record Timer(long at, long number, Runnable action) {}

    /** How long another simulation may hold a lock of a library. */
    private static final Duration LONGEST_HELD = Duration.ofSeconds(10);

    private static final MethodHandle NEW_THREAD = newThread();

    private final RandomGenerator random;
    private final Thread driver = Thread.currentThread();
    private final List<Runner> ready = new ArrayList<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private long now = 1_000_000_000L;
    private long timersMade;
    private volatile Thread foreign;

    /** The thread whose turn it is. */
    private volatile Thread running;

    /** Those that threads of other simulations woke. */
    private final Queue<Runner> woken = new ConcurrentLinkedQueue<>();

    Scheduler(RandomGenerator random) {
        this.random = random;
    }

    /** The JDK can run virtual threads on any executor, but says so only to itself: needs --add-opens java.base/java.lang=ALL-UNNAMED. */
    private static MethodHandle newThread() {
        try {
            Class<?> builders = Class.forName("java.lang.ThreadBuilders");
            return MethodHandles.privateLookupIn(builders, MethodHandles.lookup())
                    .findStatic(
                            builders,
                            "newVirtualThread",
                            MethodType.methodType(
                                    Thread.class, Executor.class, String.class, int.class, Runnable.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    Thread thread(String name, Runnable task) {
        Runner runner = new Runner();
        try {
            runner.thread = (Thread) NEW_THREAD.invokeExact((Executor) runner, name, 0, task);
            return runner.thread;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    long now() {
        return now;
    }

    void sleep(long nanos) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        timers.add(new Timer(now + nanos, timersMade++, over::countDown));
        over.await();
    }

    /** Runs until something is so. */
    void run(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            takeWoken();
            if (foreign != null) {
                throw new IllegalStateException("a thread of the simulation was woken by " + foreign
                        + ", which the seed does not decide: run on Execution, or on no other thread");
            }
            if (!ready.isEmpty()) {
                int chosen = random.nextInt(ready.size());
                Runner runner = ready.get(chosen);
                ready.set(chosen, ready.getLast());
                ready.removeLast();
                runner.run();
            } else if (!timers.isEmpty()) {
                Timer next = timers.remove();
                now = Math.max(now, next.at);
                next.action.run();
            } else {
                awaitWoken();
            }
        }
    }

    private void takeWoken() {
        for (Runner runner = woken.poll(); runner != null; runner = woken.poll()) {
            if (runner.task != null && !ready.contains(runner)) {
                ready.add(runner);
            }
        }
    }

    private void awaitWoken() {
        long end = System.nanoTime() + LONGEST_HELD.toNanos();
        while (woken.isEmpty()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("all threads wait for each other");
            }
            Thread.onSpinWait();
        }
    }
}
