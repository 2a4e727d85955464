/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.NamespaceSelection;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.coverage.CoverageFold;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.MaskingRules;
import dev.traversion.snapshotter.RecordingClock;
import dev.traversion.snapshotter.SnapshotterMetrics;
import dev.traversion.snapshotter.discovery.ServedResource;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a clock that jumps does to a recording: the order stays that of the versions, and the jump is a gap that says so. */
class ClockStepsTest {

    private static final ResourceType WIDGETS = new ResourceType("test", "widgets");
    private static final Instant START = Instant.parse("2026-03-29T00:30:00Z");

    private final Hands hands = new Hands();
    private final Sink sink = new Sink();
    private final ResourceRecorder recorder = recorder(0);
    private int version = 10;

    @Test
    void anHourForwardIsAGapOverThatHour() throws Exception {
        recorder.listComplete("10");
        change(Duration.ofSeconds(1));
        hands.set(Duration.ofHours(1));
        change(Duration.ofSeconds(1));
        heartbeat();
        change(Duration.ofSeconds(1));

        assertThat(sink.times()).isSorted().doesNotHaveDuplicates();
        assertThat(sink.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason())
                    .isEqualTo("the clock was put forward by 60 min, or the machine slept: changes were recorded late");
            assertThat(gap.from())
                    .as("just after what was seen")
                    .isEqualTo(sink.times().get(0) + 1);
            assertThat(gap.to())
                    .isGreaterThan(sink.times().get(1))
                    .isLessThan(sink.times().get(2));
        });
    }

    @Test
    void anHourBackKeepsTheOrderAndTheDistancesAndIsCaughtUpWith() throws Exception {
        recorder.listComplete("10");
        change(Duration.ofSeconds(1));
        hands.set(Duration.ofHours(-1));
        for (int i = 0; i < 150; i++) {
            change(Duration.ofMinutes(1).minusSeconds(9));
            heartbeat();
            hands.pass(Duration.ofSeconds(9));
            recorder.alive(0);
        }

        List<Long> times = sink.times();
        assertThat(times).isSorted().doesNotHaveDuplicates();
        for (int i = 2; i < times.size(); i++) {
            assertThat(times.get(i) - times.get(i - 1))
                    .as("between changes a minute apart")
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(29).toNanos());
        }
        assertThat(times.getLast()).as("caught up after two hours").isEqualTo(sink.wall.getLast());
        assertThat(sink.gaps().getFirst().reason())
                .isEqualTo("the clock was put back by 60 min: times run ahead of it until it has caught up");
    }

    @Test
    void confirmationsGoOnWhileTheClockIsBehind() throws Exception {
        recorder.listComplete("10");
        change(Duration.ofSeconds(1));
        hands.set(Duration.ofHours(-1));
        heartbeat();
        heartbeat();
        long before = recorder.status().lastConfirmed();
        for (int i = 0; i < 10; i++) {
            hands.pass(Duration.ofSeconds(1));
            recorder.alive(Duration.ofSeconds(4).toNanos());
        }
        assertThat(recorder.status().lastConfirmed()).isGreaterThan(before);
        hands.pass(Duration.ofSeconds(9));
        recorder.coverage().broken(Duration.ofSeconds(4).toNanos(), "connection lost");
        assertThat(sink.gaps().getLast().reason()).isEqualTo("connection lost");
    }

    @Test
    void whoStoodStillSaysSo() throws Exception {
        recorder.listComplete("10");
        change(Duration.ofSeconds(1));
        change(Duration.ofHours(2));
        heartbeat();
        assertThat(sink.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).isEqualTo("the recorder stood still for 120 min: changes were recorded late");
            assertThat(gap.to() - gap.from()).isGreaterThan(Duration.ofHours(2).toNanos());
        });
    }

    @Test
    void correctionsOfATimeServerAreNoSteps() throws Exception {
        recorder.listComplete("10");
        for (int i = 0; i < 60; i++) {
            hands.set(Duration.ofMillis(i % 2 == 0 ? 900 : -900));
            change(Duration.ofSeconds(1));
        }
        assertThat(sink.gaps()).isEmpty();
        assertThat(sink.times()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aRecordingThatIsAheadOfTheClockIsGoneOnWith() throws Exception {
        long end = Times.nanos(START.plus(Duration.ofHours(1)));
        ResourceRecorder later = recorder(end);
        later.coverage().resume("10");
        for (int i = 0; i < 3; i++) {
            hands.pass(Duration.ofSeconds(8));
            later.alive(0);
        }
        assertThat(sink.gaps()).singleElement().satisfies(gap -> {
            assertThat(gap.reason()).contains("nothing was recording", "60 min behind what was recorded");
            assertThat(gap.from()).isEqualTo(end + 1);
        });
        assertThat(later.status().lastConfirmed() - end)
                .as("at half speed")
                .isBetween(
                        Duration.ofSeconds(12).toNanos(), Duration.ofSeconds(13).toNanos());
    }

    private ResourceRecorder recorder(long after) {
        return new ResourceRecorder(
                new ServedResource(WIDGETS, "v1", "Widget", true, ""),
                sink,
                new Masking(MaskingRules.base(), new MaskingKey(new byte[32])),
                NamespaceSelection.ALL,
                new RecordingClock(hands, () -> hands.ticks, after),
                new StreamStatus(WIDGETS, new SnapshotterMetrics(new PrometheusRegistry(), sink)),
                after);
    }

    private void change(Duration later) throws InterruptedException {
        hands.pass(later);
        byte[] body = ("{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"uid\":\"u\",\"resourceVersion\":\""
                        + ++version + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
        recorder.changed(Operation.MODIFIED, body, 0, body.length);
    }

    private void heartbeat() throws InterruptedException {
        hands.pass(Duration.ofMillis(1));
        recorder.alive(0);
    }

    /** A clock that goes on when it is told, and can be set. */
    private static final class Hands extends Clock {
        private long ticks;
        private Duration offset = Duration.ZERO;

        void pass(Duration time) {
            ticks += time.toNanos();
        }

        void set(Duration from) {
            offset = from;
        }

        @Override
        public Instant instant() {
            return START.plusNanos(ticks).plus(offset);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final class Sink implements RecordingSink {
        private final List<Change> changes = new ArrayList<>();
        private final List<Long> wall = new ArrayList<>();
        private final CoverageFold coverage = new CoverageFold();

        @Override
        public void append(Change change) {
            changes.add(change);
            wall.add(Times.nanos(hands.instant()));
            coverage.changed(change.key().type(), change.observedAt());
        }

        @Override
        public void mark(CoverageMark mark) {
            coverage.add(mark);
        }

        @Override
        public CompletableFuture<Void> synced() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public RecordingProgress progress() {
            return new RecordingProgress(0, 0, 0, 0, 0, 0, "", "");
        }

        List<Long> times() {
            return changes.stream().map(Change::observedAt).toList();
        }

        List<CoverageInterval> gaps() {
            return coverage.intervals(Long.MAX_VALUE, true).stream()
                    .filter(each -> !each.observed())
                    .toList();
        }

        @Override
        public void close() {}
    }
}
