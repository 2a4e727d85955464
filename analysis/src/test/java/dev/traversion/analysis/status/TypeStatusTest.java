/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.traversion.analysis.status.TypeStatus.State;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.CoverageMark.Kind;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypeStatusTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType NODES = new ResourceType("", "nodes");
    private static final ResourceType SECRETS = new ResourceType("", "secrets");
    private static final ResourceType METRICS = new ResourceType("metrics.test", "pods");
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path directory;

    private final long now = Times.nanos(Instant.now());

    private void mark(RecordingWriter writer, ResourceType type, Kind kind, int secondsAgo, String reason)
            throws InterruptedException {
        writer.mark(new CoverageMark(type, kind, now - secondsAgo * SECOND, "1", reason));
    }

    private void record(RecordingWriter writer) throws InterruptedException {
        mark(writer, PODS, Kind.OPENED, 100, "");
        mark(writer, NODES, Kind.OPENED, 100, "");
        mark(writer, METRICS, Kind.OPENED, 100, "best effort: served by default/odd");
        mark(writer, SECRETS, Kind.GAP, 100, "forbidden: no");
        writer.append(new Change(
                new ObjectKey(PODS, "shop", "web"),
                "Pod",
                "u",
                "7",
                now - 90 * SECOND,
                Operation.ADDED,
                "{}".getBytes(StandardCharsets.UTF_8)));
        mark(writer, PODS, Kind.CLOSED, 80, "the API server was down");
        mark(writer, PODS, Kind.OPENED, 60, "");
        mark(writer, NODES, Kind.CLOSED, 50, "the watch broke");
        mark(writer, PODS, Kind.CONFIRMED, 0, "");
        mark(writer, METRICS, Kind.CONFIRMED, 0, "");
    }

    private Map<ResourceType, TypeStatus> status(List<TypeStatus> all) {
        return all.stream().collect(Collectors.toMap(TypeStatus::type, Function.identity()));
    }

    @Test
    void whileItIsRecordedTroubleComesFirst() throws Exception {
        Store store = new FileStore(directory.resolve("recording"));
        try (RecordingWriter writer =
                RecordingWriter.open(store, "cluster", WriterOptions.of("test", directory.resolve("state")))) {
            record(writer);
            writer.synced().join();
            try (Recording recording = Recording.open(store, "cluster", RecordingOptions.defaults())) {
                List<TypeStatus> all = TypeStatus.of(recording, now - 40 * SECOND);
                assertThat(all)
                        .extracting(TypeStatus::state)
                        .containsExactly(State.GAP, State.GAP, State.BEST_EFFORT, State.OBSERVED);
                Map<ResourceType, TypeStatus> status = status(all);
                assertThat(status.get(SECRETS).reason()).isEqualTo("forbidden: no");
                assertThat(status.get(SECRETS).confirmed()).isEqualTo(Long.MIN_VALUE);
                assertThat(status.get(NODES).reason()).isEqualTo("the watch broke");
                assertThat(status.get(NODES).confirmed()).isEqualTo(now - 50 * SECOND);
                assertThat(status.get(NODES).covered()).isZero();
                assertThat(status.get(METRICS).reason()).startsWith("best effort");
                assertThat(status.get(PODS).lastChange()).hasValue(now - 90 * SECOND);
                assertThat(status.get(PODS).covered()).isEqualTo(1);
                assertThat(status.get(PODS).gaps()).isZero();

                Map<ResourceType, TypeStatus> longer = status(TypeStatus.of(recording, 0));
                assertThat(longer.get(PODS).gaps()).isEqualTo(1);
                // From the first thing known, ten seconds before the gap, which took twenty of ninety.
                assertThat(longer.get(PODS).covered()).isEqualTo(70.0 / 90, within(0.001));
            }
        }
    }

    @Test
    void whatWasStoppedIsNoGap() throws Exception {
        Store store = new FileStore(directory.resolve("recording"));
        try (RecordingWriter writer =
                RecordingWriter.open(store, "cluster", WriterOptions.of("test", directory.resolve("state")))) {
            record(writer);
            mark(writer, PODS, Kind.CLOSED, 0, CoverageMark.STOPPED);
            mark(writer, METRICS, Kind.CLOSED, 3, "the disk is full");
        }
        try (Recording recording = Recording.open(store, "cluster", RecordingOptions.defaults())) {
            Map<ResourceType, TypeStatus> status = status(TypeStatus.of(recording, 0));
            assertThat(status.get(PODS).state()).isEqualTo(State.STOPPED);
            assertThat(status.get(PODS).gaps()).isEqualTo(1);
            assertThat(status.get(METRICS).reason()).isEqualTo("the disk is full");
            assertThat(status.get(METRICS).state()).isEqualTo(State.GAP);
            assertThat(status.get(SECRETS).state()).isEqualTo(State.GAP);
        }
    }
}
