/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import java.io.IOException;

/** The state of the API server that all who read it share. */
final class SimulatedServer {

    private final SimulatedCluster cluster;
    private final boolean streamsLists;
    private boolean troubled;
    private boolean up = true;
    private long restarts;
    private long cachedFrom;

    /**
     * @param streamsLists whether it knows sendInitialEvents
     * @param troubled whether it refuses now and then, and connections break
     */
    SimulatedServer(SimulatedCluster cluster, boolean streamsLists, boolean troubled) {
        this.cluster = cluster;
        this.streamsLists = streamsLists;
        this.troubled = troubled;
    }

    SimulatedCluster cluster() {
        return cluster;
    }

    boolean streamsLists() {
        return streamsLists;
    }

    boolean isTroubled() {
        return troubled;
    }

    /** Nothing is refused any more. */
    void calm() {
        troubled = false;
    }

    boolean isUp() {
        return up;
    }

    void checkUp() throws IOException {
        if (!up) {
            throw new IOException("Connection refused");
        }
    }

    void stop() {
        up = false;
    }

    /** Its watch cache begins anew: watches from before are refused. */
    void start() {
        up = true;
        restarts++;
        cachedFrom = cluster.revision();
    }

    /** How often it was started. */
    long restarts() {
        return restarts;
    }

    /** Watches from before this revision are refused. */
    long cachedFrom() {
        return cachedFrom;
    }

    /** Old changes are dropped from its watch cache. */
    void forget() {
        cachedFrom = cluster.revision();
    }
}
