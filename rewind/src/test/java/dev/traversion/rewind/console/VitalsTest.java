/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class VitalsTest {

    @Test
    void creationTimesAreReadHoweverTheyAreWritten() {
        for (String time : new String[] {
            "2026-01-31T14:03:22Z",
            "2024-02-29T23:59:59Z",
            "1970-01-01T00:00:00Z",
            "2026-01-31T14:03:22.123456Z",
            "2026-01-31T15:03:22+01:00"
        }) {
            assertThat(Vitals.seconds(time))
                    .as(time)
                    .isEqualTo(Instant.parse(time).getEpochSecond());
        }
        for (String none :
                new String[] {"", "yesterday", "2026-02-30T14:03:22Z", "2026-xx-31T14:03:22Z", "1931-01-31T14:03:22Z"
                }) {
            assertThat(Vitals.seconds(none)).as(none).isZero();
        }
    }
}
