/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgesTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT-0.999S, 0s",
        "PT-1.999S, 0s",
        "PT-2S, <invalid>",
        "PT1.999S, 1s",
        "PT119S, 119s",
        "PT2M, 2m",
        "PT2M1S, 2m1s",
        "PT9M59S, 9m59s",
        "PT10M59S, 10m",
        "PT2H59M59S, 179m",
        "PT3H, 3h",
        "PT7H59M59S, 7h59m",
        "PT8H59M, 8h",
        "PT47H59M, 47h",
        "PT48H, 2d",
        "PT49H, 2d1h",
        "P7DT23H59M, 7d23h",
        "P8DT23H, 8d",
        "P729D, 729d",
        "P730D, 2y",
        "P731D, 2y1d",
        "P2919D, 7y364d",
        "P2920D, 8y",
        "P200000D, 292y"
    })
    void durationsAreRoundedAsTheApiServerDoes(String duration, String expected) {
        assertThat(Ages.human(Duration.parse(duration))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:00Z, true",
        "2026-01-01T00:00:00.123456Z, true",
        "2026-01-01T00:00:00.5+02:00, true",
        "2026-02-30T00:00:00Z, false",
        "2026-01-01T00:00Z, false",
        "2026-01-01, false",
        "2026-01-01T00:00:00, false",
        "2026-01-01t00:00:00Z, false",
        "yesterday, false"
    })
    void onlyRfc3339IsATime(String text, boolean time) {
        assertThat(Ages.parse(text).isPresent()).isEqualTo(time);
    }

    @Test
    void anAgeIsRelativeToTheMoment() {
        Instant moment = Instant.parse("2020-01-01T00:05:12Z");

        assertThat(Ages.since(JsonNodeFactory.instance.textNode("2020-01-01T00:00:00Z"), moment))
                .isEqualTo("5m12s");
        assertThat(Ages.since(JsonNodeFactory.instance.nullNode(), moment)).isEqualTo("<unknown>");
    }
}
