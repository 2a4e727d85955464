/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.snapshot;

import dev.traversion.crds.Snapshot;
import dev.traversion.operator.settings.Durations;
import java.time.Instant;
import java.util.Optional;

/** When a Snapshot is kept no longer. */
final class Expiry {

    private Expiry() {}

    /** Empty if it is kept until somebody deletes it. */
    static Optional<Instant> of(Snapshot snapshot) {
        String keepFor = snapshot.getSpec().keepFor();
        if (keepFor == null) {
            return Optional.empty();
        }
        return Optional.of(
                Instant.parse(snapshot.getMetadata().getCreationTimestamp()).plus(Durations.parse(keepFor)));
    }
}
