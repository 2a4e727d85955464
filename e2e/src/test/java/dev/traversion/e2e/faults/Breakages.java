/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingSink;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Recorders that break a promise: what the attacks must find. */
final class Breakages {

    private static final int EVERY = 50;

    private Breakages() {}

    /** Only of the types that the oracle looks at. */
    private abstract static class Broken extends ForwardingSink {
        private int changes;

        Broken(RecordingSink to) {
            super(to);
        }

        @Override
        public synchronized void append(Change change) throws InterruptedException {
            if (!Oracle.types().contains(change.key().type())) {
                super.append(change);
            } else if (++changes % EVERY == 0) {
                broken(change);
            } else {
                whole(change);
            }
        }

        void whole(Change change) throws InterruptedException {
            super.append(change);
        }

        abstract void broken(Change change) throws InterruptedException;
    }

    /** Not reliable. */
    static RecordingSink losesSome(RecordingSink to) {
        return new Broken(to) {
            @Override
            void broken(Change change) {}
        };
    }

    /** Not unique. */
    static RecordingSink repeatsSome(RecordingSink to) {
        return new Broken(to) {
            @Override
            void broken(Change change) throws InterruptedException {
                whole(change);
                whole(with(change, change.observedAt() + 1, change.body()));
            }
        };
    }

    /** Not ordered: some changes change places with the next one of their type. */
    static RecordingSink swapsSome(RecordingSink to) {
        return new Broken(to) {
            private final Map<ResourceType, Change> held = new HashMap<>();

            @Override
            void broken(Change change) throws InterruptedException {
                if (held.putIfAbsent(change.key().type(), change) != null) {
                    whole(change);
                }
            }

            @Override
            void whole(Change change) throws InterruptedException {
                Change before = held.remove(change.key().type());
                if (before == null) {
                    super.whole(change);
                } else {
                    super.whole(with(change, before.observedAt(), change.body()));
                    super.whole(with(before, change.observedAt(), before.body()));
                }
            }
        };
    }

    /** Not atomic: the end of some bodies is another. */
    static RecordingSink altersSome(RecordingSink to) {
        return new Broken(to) {
            @Override
            void broken(Change change) throws InterruptedException {
                String body = new String(change.body(), StandardCharsets.UTF_8).replaceFirst("\\}$", ",\"x\":1}");
                whole(with(change, change.observedAt(), body.getBytes(StandardCharsets.UTF_8)));
            }
        };
    }

    /** Not true. */
    static RecordingSink inventsSome(RecordingSink to) {
        return new Broken(to) {
            @Override
            void broken(Change change) throws InterruptedException {
                whole(change);
                ObjectKey key = new ObjectKey(change.key().type(), change.key().namespace(), "never-was");
                whole(new Change(
                        key,
                        change.kind(),
                        "uid",
                        change.resourceVersion(),
                        change.observedAt() + 1,
                        Operation.ADDED,
                        change.body()));
            }
        };
    }

    /** Not bookmarkable: it confirms what is not written yet, and a crash takes that away. */
    static RecordingSink writesLater(RecordingSink to) {
        return new ForwardingSink(to) {
            private final Deque<Change> pending = new ArrayDeque<>();

            @Override
            public synchronized void append(Change change) throws InterruptedException {
                if (!Oracle.types().contains(change.key().type())) {
                    super.append(change);
                    return;
                }
                pending.add(change);
                if (pending.size() > EVERY) {
                    super.append(pending.remove());
                }
            }
        };
    }

    /** Hides gaps: it speaks as if it had never stopped observing. */
    static RecordingSink hidesGaps(RecordingSink to) {
        return new ForwardingSink(to) {
            private final Set<ResourceType> opened = new HashSet<>();

            @Override
            public synchronized void mark(CoverageMark mark) throws InterruptedException {
                boolean isFirst = mark.kind() == CoverageMark.Kind.OPENED && opened.add(mark.type());
                if (isFirst || mark.kind() == CoverageMark.Kind.CONFIRMED) {
                    super.mark(mark);
                } else if (mark.kind() == CoverageMark.Kind.OPENED) {
                    super.mark(new CoverageMark(
                            mark.type(), CoverageMark.Kind.CONFIRMED, mark.at(), mark.resourceVersion(), ""));
                }
            }
        };
    }

    /** Goes on without the deletions that it finds. */
    static RecordingSink forgetsDeletions(RecordingSink to) {
        return new ForwardingSink(to) {
            @Override
            public void append(Change change) throws InterruptedException {
                if (change.operation() != Operation.DELETED) {
                    super.append(change);
                }
            }
        };
    }

    /** Believes the clock: after a moment its times are those of an hour ago. */
    static RecordingSink believesTheClock(RecordingSink to) {
        return new ForwardingSink(to) {
            private final long began = System.nanoTime();

            @Override
            public void append(Change change) throws InterruptedException {
                boolean isBack = System.nanoTime() - began > 6_000_000_000L
                        && ResourceVersions.isNumeric(change.resourceVersion())
                        && Oracle.types().contains(change.key().type());
                long time = change.observedAt() - (isBack ? 3_600_000_000_000L : 0);
                super.append(with(change, time, change.body()));
            }
        };
    }

    private static Change with(Change change, long time, byte[] body) {
        return new Change(
                change.key(), change.kind(), change.uid(), change.resourceVersion(), time, change.operation(), body);
    }
}
