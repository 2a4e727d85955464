/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.snapshot;

import dev.traversion.crds.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When a Snapshot is kept no longer. */
final class Expiry {

    private static final Pattern TERM = Pattern.compile("(\\d+)([smhdw])");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1),
            "w", Duration.ofDays(7));

    private Expiry() {}

    /** Empty if it is kept until somebody deletes it. */
    static Optional<Instant> of(Snapshot snapshot) {
        String keepFor = snapshot.getSpec().keepFor();
        if (keepFor == null) {
            return Optional.empty();
        }
        Duration sum = Duration.ZERO;
        Matcher term = TERM.matcher(keepFor);
        while (term.find()) {
            sum = sum.plus(UNITS.get(term.group(2)).multipliedBy(Long.parseLong(term.group(1))));
        }
        return Optional.of(
                Instant.parse(snapshot.getMetadata().getCreationTimestamp()).plus(sum));
    }
}
