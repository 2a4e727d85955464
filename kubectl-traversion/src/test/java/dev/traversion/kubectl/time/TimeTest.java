/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.traversion.archive.TraversionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTest {

    private static final Instant NOW = Instant.parse("2026-11-23T14:10:00.250Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** A recording of which only the range and the changes of deploy/checkout matter. */
    private record Range(Instant start, Instant end, boolean live, String reasonBefore) implements Recorded {

        static final Range LIVE = new Range(Instant.parse("2026-01-01T00:00:00Z"), NOW.minusMillis(900), true);

        Range(Instant start, Instant end, boolean live) {
            this(start, end, live, "");
        }

        @Override
        public String reasonBefore(Instant instant) {
            return reasonBefore;
        }

        @Override
        public Instant beforeChange(String type, String name, int nth) {
            assertThat(type + "/" + name).isEqualTo("deploy/check-5m-out");
            return Instant.parse("2026-11-23T14:0%d:00Z".formatted(9 - nth)).minusNanos(1);
        }
    }

    private static Instant resolve(String time, Instant now, ZoneId zone, Recorded recorded) {
        return new TimeResolver(Clock.fixed(now, ZoneOffset.UTC), zone).resolve(TimeParser.parse(time), recorded);
    }

    private static Instant resolve(String time) {
        return resolve(time, NOW, ZoneOffset.UTC, Range.LIVE);
    }

    @ParameterizedTest
    @CsvSource({
        "now, 2026-11-23T14:09:59.350Z",
        "NOW, 2026-11-23T14:09:59.350Z",
        "10m, 2026-11-23T14:00:00Z",
        "10m ago, 2026-11-23T14:00:00Z",
        "1h30m, 2026-11-23T12:40:00Z",
        "2d, 2026-11-21T14:10:00Z",
        "1w, 2026-11-16T14:10:00Z",
        "now-5m, 2026-11-23T14:04:59.350Z",
        "14:03:22, 2026-11-23T14:03:22Z",
        "14:03:22.5, 2026-11-23T14:03:22.500Z",
        "14:03, 2026-11-23T14:03:00Z",
        "9:03, 2026-11-23T09:03:00Z",
        "14:03:22Z, 2026-11-23T14:03:22Z",
        "15:03+02:00, 2026-11-23T13:03:00Z",
        "14:03-30s, 2026-11-23T14:02:30Z",
        "14:03-1m+10s, 2026-11-23T14:02:10Z",
        "2026-11-22, 2026-11-22T00:00:00Z",
        "2026-11-22-5m, 2026-11-21T23:55:00Z",
        "2026-11-22 14:03, 2026-11-22T14:03:00Z",
        "2026-11-22T14:03:22Z, 2026-11-22T14:03:22Z",
        "2026-11-22t14:03:22.123456789z, 2026-11-22T14:03:22.123456789Z",
        "2026-11-22T14:03:22+05:30, 2026-11-22T08:33:22Z",
        "2026-11-22T14:03:22-05:00-5m, 2026-11-22T18:58:22Z",
        "@1795356202, 2026-11-22T14:03:22Z",
        "@1795356202.5, 2026-11-22T14:03:22.500Z",
        "deploy/check-5m-out~1, 2026-11-23T14:07:59.999999999Z",
        "deploy/check-5m-out~, 2026-11-23T14:07:59.999999999Z",
        "deploy/check-5m-out~2-30s, 2026-11-23T14:06:29.999999999Z",
    })
    void meansAnInstant(String time, String instant) {
        assertThat(resolve(time)).isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10",
                "10x",
                "25:00",
                "14:3",
                "14:61",
                "2026-13-01",
                "2026-02-30",
                "tomorrow",
                "-5m",
                "@",
                "deploy/~1"
            })
    void whatIsNoTimeIsRefusedWithExamples(String time) {
        assertThatThrownBy(() -> resolve(time))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("\"" + time + "\" is not a time")
                .hasMessageContaining("2026-01-31T14:03:22Z");
    }

    @ParameterizedTest
    @CsvSource({
        "snap:pre-fix, named snapshots are not supported",
        "deploy/checkout, deploy/checkout~1",
        "deploy/checkout~0, counted back from ~1",
        "14:00..14:05, is a range",
    })
    void whatIsAlmostATimeIsRefusedWithTheWayOut(String time, String sentence) {
        assertThatThrownBy(() -> resolve(time))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aTimeOfDayStillToComeIsYesterdays() {
        Instant justAfterMidnight = Instant.parse("2026-11-23T00:00:10Z");
        Range recorded = new Range(Range.LIVE.start(), justAfterMidnight, true);
        assertThat(resolve("23:59:50", justAfterMidnight, ZoneOffset.UTC, recorded))
                .isEqualTo(Instant.parse("2026-11-22T23:59:50Z"));
        assertThat(resolve("00:00:10", justAfterMidnight, ZoneOffset.UTC, recorded))
                .isEqualTo(justAfterMidnight);
    }

    @Test
    void aTimeOfDayIsOfTheUsersZone() {
        assertThat(resolve("14:03", NOW, BERLIN, Range.LIVE)).isEqualTo(Instant.parse("2026-11-23T13:03:00Z"));
        assertThat(resolve("15:10:00", NOW, BERLIN, Range.LIVE))
                .isEqualTo(Range.LIVE.end().truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
        assertThat(resolve("15:11", NOW, BERLIN, Range.LIVE)).isEqualTo(Instant.parse("2026-11-22T14:11:00Z"));
        assertThat(resolve("2026-07-01 12:00", NOW, BERLIN, Range.LIVE))
                .isEqualTo(Instant.parse("2026-07-01T10:00:00Z"));
    }

    @Test
    void aTimeOfDayWithAZoneIsOfThatZonesDay() {
        Instant now = Instant.parse("2026-11-23T00:30:00Z");
        Range recorded = new Range(Range.LIVE.start(), now, true);
        assertThat(resolve("23:59:50Z", now, BERLIN, recorded)).isEqualTo(Instant.parse("2026-11-22T23:59:50Z"));
    }

    @Test
    void aTimeThatHappenedTwiceIsRefusedWithBothInstants() {
        assertThatThrownBy(() -> resolve("2026-10-25 02:30", NOW, BERLIN, Range.LIVE))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("happened twice in Europe/Berlin")
                .hasMessageContaining("2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z");
        Instant thatNight = Instant.parse("2026-10-25T03:00:00Z");
        assertThatThrownBy(() -> resolve("02:30", thatNight, BERLIN, new Range(Range.LIVE.start(), thatNight, true)))
                .hasMessageContaining("happened twice");
        assertThat(resolve("2026-10-25T02:30:00+01:00", NOW, BERLIN, Range.LIVE))
                .isEqualTo(Instant.parse("2026-10-25T01:30:00Z"));
    }

    @Test
    void aTimeThatNeverHappenedIsRefusedWithBothInstants() {
        assertThatThrownBy(() -> resolve("2026-03-29 02:30", NOW, BERLIN, Range.LIVE))
                .isInstanceOf(TraversionException.class)
                .hasMessageContaining("does not exist in Europe/Berlin")
                .hasMessageContaining("2026-03-29T00:30:00Z or 2026-03-29T01:30:00Z");
    }

    @Test
    void agoIsUntouchedByAChangeOfClocks() {
        Instant afterChange = Instant.parse("2026-10-25T01:30:00Z");
        Range recorded = new Range(Range.LIVE.start(), afterChange, true);
        assertThat(resolve("2h", afterChange, BERLIN, recorded)).isEqualTo(Instant.parse("2026-10-24T23:30:00Z"));
    }

    @Test
    void outsideTheRecordingIsRefusedWithItsRange() {
        Range ended = new Range(Instant.parse("2026-11-23T09:12:00Z"), Instant.parse("2026-11-23T12:00:00Z"), false);
        assertThatThrownBy(() -> resolve("2026-11-23T09:00:00Z", NOW, BERLIN, ended))
                .hasMessage("2026-11-23T09:00:00Z is before the recording."
                        + " It reaches from 2026-11-23T09:12:00Z to 2026-11-23T12:00:00Z.");
        Range kept = new Range(ended.start(), ended.end(), false, "forgotten by retention: older than 14d");
        assertThatThrownBy(() -> resolve("2026-11-23T09:00:00Z", NOW, BERLIN, kept))
                .hasMessage(
                        "2026-11-23T09:00:00Z is not in the recording any more: forgotten by retention: older than 14d."
                                + " It reaches from 2026-11-23T09:12:00Z to 2026-11-23T12:00:00Z.");
        assertThatThrownBy(() -> resolve("10m", NOW, BERLIN, ended))
                .hasMessageContaining("2026-11-23T14:00:00Z is after the recording");
        assertThatThrownBy(() -> resolve("2026-11-24", NOW, BERLIN, Range.LIVE))
                .hasMessageContaining("is in the future; it is now 2026-11-23T14:10:00Z")
                .hasMessageContaining("still recording");
        assertThatThrownBy(() -> resolve("999999999w", NOW, BERLIN, ended)).isInstanceOf(TraversionException.class);
    }

    @Test
    void nowOfARecordingThatEndedIsItsEnd() {
        Range ended = new Range(Instant.parse("2026-11-23T09:12:00Z"), Instant.parse("2026-11-23T12:00:00Z"), false);
        assertThat(resolve("now", NOW, BERLIN, ended)).isEqualTo(ended.end());
    }

    @Test
    void aMomentTheRecorderHasJustNotReachedIsItsNewest() {
        assertThat(resolve("0s")).isEqualTo(resolve("now"));
        assertThat(resolve("now+1ms")).isEqualTo(resolve("now"));
    }

    @Test
    void rangesAreTwoMoments() {
        assertThat(TimeParser.parseRange("14:03..now"))
                .isEqualTo(new TimeRange(TimeParser.parse("14:03"), new TimeExpression.Now()));
        assertThat(TimeParser.parseRange("deploy/a.b~2..").to()).isEqualTo(new TimeExpression.Now());
        assertThatThrownBy(() -> TimeParser.parseRange("14:03")).hasMessageContaining("A..B");
    }

    @Test
    void durations() {
        assertThat(TimeParser.parseDuration("1h30m")).isEqualTo(Duration.ofMinutes(90));
        assertThatThrownBy(() -> TimeParser.parseDuration("soon")).hasMessageContaining("is not a duration");
    }

    @Test
    void whatIsShownMeansTheSameAgain() {
        Instant today = Instant.parse("2026-11-23T14:03:22Z");
        assertThat(MomentText.brief(today, NOW)).isEqualTo("14:03:22Z");
        assertThat(resolve(MomentText.brief(today, NOW))).isEqualTo(today);
        assertThat(MomentText.brief(Instant.parse("2026-11-22T14:03:22Z"), NOW)).isEqualTo("2026-11-22T14:03:22Z");
        assertThat(MomentText.ago(NOW.minusSeconds(95), NOW)).isEqualTo("95s ago");
        assertThat(MomentText.ago(NOW.minusSeconds(185), NOW)).isEqualTo("3m5s ago");
        assertThat(MomentText.ago(NOW.minus(Duration.ofMinutes(725)), NOW)).isEqualTo("12h5m ago");
        assertThat(MomentText.ago(NOW.minus(Duration.ofHours(100)), NOW)).isEqualTo("4d4h ago");
    }
}
