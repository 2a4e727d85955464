/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.cluster;

/** How time goes on for those who watch a view. */
public interface Pace {

    /** The last instant whose changes will be shown, ns; {@link Long#MAX_VALUE} if there is no end to it. */
    long end();

    /**
     * Begins to watch.
     *
     * @param instant up to which the watcher has seen everything, ns
     */
    Viewing begin(long instant);

    /** One who watches. */
    interface Viewing extends AutoCloseable {

        /**
         * Waits until an instant may be shown.
         *
         * @param instant ns
         * @param deadline on the clock of {@link System#nanoTime()}
         * @return whether it may; false if the deadline came first
         */
        boolean await(long instant, long deadline) throws InterruptedException;

        /** The instant it is for the watcher, ns. */
        long now();

        /** Watches no more. Does nothing if it left before. */
        void leave();

        @Override
        default void close() {
            leave();
        }
    }
}
