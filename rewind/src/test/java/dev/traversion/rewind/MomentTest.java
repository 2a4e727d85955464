/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {

    @Test
    void readsEveryFormOfAnInstant() {
        assertThat(Moment.parse("1970-01-01T00:00:01Z")).isEqualTo(new Moment.Fixed(1_000_000_000L));
        assertThat(Moment.parse("1970-01-01T00:00:01.000000007Z")).isEqualTo(new Moment.Fixed(1_000_000_007L));
        assertThat(Moment.parse("1970-01-01T00:00:01+00:00")).isEqualTo(new Moment.Fixed(1_000_000_000L));
        assertThat(Moment.parse("@1")).isEqualTo(new Moment.Fixed(1_000_000_000L));
        assertThat(Moment.parse("@1.5")).isEqualTo(new Moment.Fixed(1_500_000_000L));
        assertThat(Moment.parse("@1.000000007")).isEqualTo(new Moment.Fixed(1_000_000_007L));
        assertThat(Moment.parse("now")).isEqualTo(new Moment.Now());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-01-31",
                "2026-01-31T14:00:00+01:00",
                "@",
                "@1.",
                "@x",
                "9999-12-31T00:00:00Z"
            })
    void saysWhatATimeLooksLike(String text) {
        assertThatThrownBy(() -> Moment.parse(text))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("is not a time: use RFC 3339");
    }
}
