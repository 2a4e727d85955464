/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WalWriterTest {

    private static final ResourceType PODS = new ResourceType("", "pods");
    private static final ResourceType NODES = new ResourceType("", "nodes");

    private static void append(WalWriter wal, int number) throws InterruptedException {
        wal.append(new Change(
                new ObjectKey(PODS, "shop", "pod-" + number),
                "Pod",
                "u",
                Integer.toString(number),
                Times.nanos(Instant.now()),
                Operation.ADDED,
                "{}".getBytes(StandardCharsets.UTF_8)));
    }

    private static void mark(WalWriter wal, ResourceType type, CoverageMark.Kind kind, String reason)
            throws InterruptedException {
        wal.mark(new CoverageMark(type, kind, Times.nanos(Instant.now()), "1", reason));
    }

    private static void awaitStall(WalWriter wal) throws InterruptedException {
        while (wal.stalled().isEmpty()) {
            mark(wal, PODS, CoverageMark.Kind.CONFIRMED, "");
            Thread.sleep(5);
        }
    }

    @Test
    void aStallIsAGapAndLosesNothing(@TempDir Path directory) throws Exception {
        Path log = directory.resolve("wal/test");
        try (WalWriter wal = new WalWriter(log, "test", 1, Clock.systemUTC())) {
            mark(wal, PODS, CoverageMark.Kind.OPENED, "");
            mark(wal, NODES, CoverageMark.Kind.OPENED, "");
            append(wal, 1);
            wal.synced().join();
            wal.hold("the budget is spent");
            awaitStall(wal);
            assertThat(wal.stalled()).isEqualTo("the budget is spent");
            append(wal, 2);
            mark(wal, NODES, CoverageMark.Kind.CLOSED, "the watch broke");
            CompletableFuture<Void> synced = wal.synced();
            assertThat(wal.roll().join())
                    .as("what was written before can be sealed")
                    .isEqualTo(wal.lastEnded());
            assertThat(read(directory).tail().size()).isEqualTo(1);
            assertThat(synced).isNotDone();

            wal.release();
            synced.join();
            append(wal, 3);
            wal.synced().join();
            mark(wal, PODS, CoverageMark.Kind.CONFIRMED, "");
            assertThat(wal.stalled()).isEmpty();
        }
        WalFollower read = read(directory);
        assertThat(read.tail().size()).isEqualTo(3);
        List<CoverageInterval> coverage = read.coverage().intervals(Long.MAX_VALUE, false);
        assertThat(coverage.stream().filter(each -> each.type().equals(PODS)))
                .extracting(CoverageInterval::observed, CoverageInterval::reason)
                .containsExactly(tuple(true, ""), tuple(false, "the budget is spent"), tuple(true, ""));
        assertThat(coverage.stream().filter(each -> each.type().equals(NODES)))
                .as("what broke meanwhile is not said to be observed again")
                .extracting(CoverageInterval::reason)
                .endsWith("the watch broke");
        assertThat(log).isDirectoryNotContaining(file -> file.endsWith("reserved"));
    }

    @Test
    void aStalledLogCanBeClosed(@TempDir Path directory) throws Exception {
        try (WalWriter wal = new WalWriter(directory.resolve("wal/test"), "test", 1, Clock.systemUTC())) {
            mark(wal, PODS, CoverageMark.Kind.OPENED, "");
            wal.hold("the budget is spent");
            awaitStall(wal);
            append(wal, 1);
        }
        assertThat(read(directory).tail().size()).isEqualTo(1);
    }

    private static WalFollower read(Path directory) throws Exception {
        Store store = new FileStore(directory);
        WalFollower follower = new WalFollower(store, "wal/");
        follower.poll(Map.of(), null);
        return follower;
    }
}
