/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.snapshot;

import dev.traversion.archive.Layout;
import dev.traversion.archive.retention.Pin;
import dev.traversion.archive.retention.Pins;
import dev.traversion.archive.store.Store;
import dev.traversion.crds.Snapshot;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pins of one Snapshot in a recording: one that retention minds, and a second one while it is a legal hold. Two, because a pin cannot be
 * changed, and a moment must not be without one even for an instant.
 */
final class SnapshotPins {

    private final Pins pins;
    private final String kept;
    private final String held;

    SnapshotPins(Store store, String clusterId, Snapshot snapshot) {
        this.pins = new Pins(store, new Layout(clusterId));
        this.kept = "snapshot-" + snapshot.getMetadata().getName();
        this.held = kept + ".hold";
    }

    /**
     * Makes the pins what a Snapshot asks for.
     *
     * @param time ns
     */
    void ensure(long time, boolean hold, String reason, String created) throws IOException {
        Set<String> present = names();
        if (!present.contains(kept)) {
            pins.add(new Pin(kept, time, time, reason, created, false));
        }
        if (hold && !present.contains(held)) {
            pins.add(new Pin(held, time, time, reason, created, true));
        } else if (!hold && present.contains(held)) {
            pins.remove(held);
        }
    }

    void remove() throws IOException {
        Set<String> present = names();
        for (String name : new String[] {held, kept}) {
            if (present.contains(name)) {
                pins.remove(name);
            }
        }
    }

    private Set<String> names() throws IOException {
        return pins.all().stream().map(Pin::name).collect(Collectors.toSet());
    }
}
