/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingProgress;
import dev.traversion.archive.RecordingSink;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiReads;
import dev.traversion.snapshotter.simulation.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The simulation can fail: a part that breaks a promise is found out within a bounded number of seeds. */
class BrokenPartsTest {

    private static final int MOST_SEEDS = 1_000;

    private static void assertCaught(Parts broken, String... promises) {
        for (long seed = 0; seed < MOST_SEEDS; seed++) {
            try {
                Simulation.run(seed, broken, null);
            } catch (AssertionError e) {
                System.out.println("caught with seed " + seed + ": "
                        + e.getMessage().lines().findFirst().orElse(""));
                assertThat(promises).as(e.getMessage()).anyMatch(e.getMessage()::contains);
                // It is the broken part: without it the same seed is well.
                Simulation.run(seed, new Parts(), null);
                return;
            }
        }
        throw new AssertionError("not caught with " + MOST_SEEDS + " seeds");
    }

    /** Hands on everything; what is broken is overridden. */
    private static class PassingSink implements RecordingSink {
        final RecordingSink sink;

        PassingSink(RecordingSink sink) {
            this.sink = sink;
        }

        @Override
        public void append(Change change) throws InterruptedException {
            sink.append(change);
        }

        @Override
        public void mark(CoverageMark mark) throws InterruptedException {
            sink.mark(mark);
        }

        @Override
        public CompletableFuture<Void> synced() {
            return sink.synced();
        }

        @Override
        public RecordingProgress progress() {
            return sink.progress();
        }

        @Override
        public void close() {
            sink.close();
        }
    }

    @Test
    void aDiskThatDoesNotSync() {
        assertCaught(
                new Parts() {
                    @Override
                    SimulatedDisk disk() {
                        return new SimulatedDisk().lying();
                    }
                },
                "was acknowledged and is not there",
                "did not come to its end",
                "ends by itself");
    }

    @Test
    void anAcknowledgementThatDoesNotWaitForTheDisk() {
        assertCaught(
                new Parts() {
                    @Override
                    RecordingSink sink(RecordingSink sink) {
                        return new PassingSink(sink) {
                            @Override
                            public CompletableFuture<Void> synced() {
                                return CompletableFuture.completedFuture(null);
                            }
                        };
                    }
                },
                "was acknowledged and is not there");
    }

    @Test
    void deletionsThatAreNotLookedFor() {
        assertCaught(
                new Parts() {
                    @Override
                    RecordingSink sink(RecordingSink sink) {
                        return new PassingSink(sink) {
                            @Override
                            public void append(Change change) throws InterruptedException {
                                if (change.operation() != Operation.DELETED) {
                                    sink.append(change);
                                }
                            }
                        };
                    }
                },
                "is missing",
                "states",
                "resumable",
                "acknowledged");
    }

    @Test
    void coverageClaimedAfterALostWatch() {
        assertCaught(
                new Parts() {
                    @Override
                    RecordingSink sink(RecordingSink sink) {
                        return new PassingSink(sink) {
                            @Override
                            public void mark(CoverageMark mark) throws InterruptedException {
                                if (mark.kind() == CoverageMark.Kind.OPENED
                                        || mark.kind() == CoverageMark.Kind.CONFIRMED) {
                                    sink.mark(mark);
                                }
                            }
                        };
                    }
                },
                "is missing",
                "states");
    }

    @Test
    void aReplayThatWritesTwice() {
        assertCaught(
                new Parts() {
                    @Override
                    RecordingSink sink(RecordingSink sink) {
                        return new PassingSink(sink) {
                            private int count;

                            @Override
                            public void append(Change change) throws InterruptedException {
                                sink.append(change);
                                if (++count % 20 == 0) {
                                    sink.append(new Change(
                                            change.key(),
                                            change.kind(),
                                            change.uid(),
                                            change.resourceVersion(),
                                            change.observedAt() + 1,
                                            change.operation(),
                                            change.body()));
                                }
                            }
                        };
                    }
                },
                "ordered");
    }

    @Test
    void exactListsThatHideWhatCameAndWent() {
        assertCaught(
                new Parts() {
                    @Override
                    ApiReads api(ApiReads api) {
                        return new WithoutCounts(api);
                    }
                },
                "is missing");
    }

    /** Never says how many objects remain, so that nothing hidden is looked for. */
    private record WithoutCounts(ApiReads api) implements ApiReads {

        @Override
        public Answer get(String path, String accept) throws IOException, InterruptedException {
            return path.contains("limit=1&resourceVersionMatch=Exact")
                    ? new Answer(path, 200, "{\"metadata\":{},\"items\":[]}".getBytes(StandardCharsets.UTF_8), 0)
                    : api.get(path, accept);
        }

        @Override
        public Stream stream(String path, Bytes consumer) throws IOException, InterruptedException {
            return api.stream(path, consumer);
        }

        @Override
        public boolean isReachable() throws InterruptedException {
            return api.isReachable();
        }
    }
}
