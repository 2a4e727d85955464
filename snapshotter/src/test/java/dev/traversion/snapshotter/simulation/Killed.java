/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

/** Ends the threads of a process that was killed; the process itself sees nothing of it. */
final class Killed extends Error {

    private static final long serialVersionUID = 1L;

    Killed() {
        super("killed", null, false, false);
    }
}
