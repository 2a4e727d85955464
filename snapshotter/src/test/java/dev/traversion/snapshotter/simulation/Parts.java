/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.store.Store;
import dev.traversion.snapshotter.api.ApiReads;
import dev.traversion.snapshotter.simulation.disk.SimulatedDisk;

/** What a run is made of; to see that a broken part is caught, replace it by one. */
class Parts {

    SimulatedDisk disk() {
        return new SimulatedDisk();
    }

    /** Between the streams and the recording. */
    RecordingSink sink(RecordingSink sink) {
        return sink;
    }

    Store store(Store store) {
        return store;
    }

    ApiReads api(ApiReads api) {
        return api;
    }
}
