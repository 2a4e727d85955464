/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import dev.traversion.archive.Execution;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.snapshotter.api.RefusedException;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * Records what was missed of a resource while its watch could not be resumed, from {@linkplain Healing exact lists}. One for each
 * resource; they tell each other which revisions they found.
 */
final class Healer {

    /**
     * Revisions that belong to nobody are looked at one by one; some are always the API server's own. A resource of which changes were
     * missed looks at more of them, and first: where objects change, others come and go.
     */
    private static final int MOST_UNSEEN = 256;

    private static final int MOST_UNSEEN_OF_CHANGING = 4_096;

    /** All streams lose their watches together, and each finds its own revisions: on a busy machine it takes them this long. */
    private static final int MOST_WAITS = 60;

    private static final long WAIT_MILLIS = 1_000;

    private final ResourceType type;
    private final ExactLists lists;
    private final SeenRevisions seen;
    private final ResourceRecorder recorder;
    private final StreamCoverage coverage;
    private final Execution execution;
    private final BooleanSupplier stopping;

    Healer(
            ResourceType type,
            ExactLists lists,
            SeenRevisions seen,
            ResourceRecorder recorder,
            Execution execution,
            BooleanSupplier stopping) {
        this.type = type;
        this.lists = lists;
        this.seen = seen;
        this.recorder = recorder;
        this.coverage = recorder.coverage();
        this.execution = execution;
        this.stopping = stopping;
    }

    /** Thrown if what was missed cannot be found any more; the message is the reason of the gap. */
    static final class LostException extends Exception {
        private static final long serialVersionUID = 1L;

        LostException(String message) {
            super(message);
        }
    }

    /**
     * Records everything up to now. If it fails, what it recorded is right, and it can be called again.
     *
     * @param listed called when no more long lists are made
     */
    void heal(Runnable listed) throws IOException, InterruptedException, LostException {
        long after = Long.parseLong(coverage.resourceVersion());
        try {
            long until = lists.now();
            if (until < after) {
                throw new LostException("versions went back from " + after + " to " + until
                        + ": etcd was restored from a backup, or it is another cluster");
            }
            Healing healing = new Healing(lists, after, until);
            try {
                heal(healing, after, until, listed);
            } finally {
                forgetUnrecorded(healing);
            }
        } catch (Healing.TooMuchException e) {
            throw new LostException(e.getMessage() + ": intermediate versions are unknown");
        } catch (RefusedException e) {
            if (e.isGone()) {
                throw new LostException("the watch expired (410 Gone) and etcd has compacted what came after version "
                        + coverage.resourceVersion() + ": intermediate versions are unknown");
            }
            throw e;
        }
    }

    private void heal(Healing healing, long after, long until, Runnable listed)
            throws IOException, InterruptedException {
        healing.walkBack(recorder.known());
        healing.steps().forEach(step -> seen.add(type, step.revision()));
        listed.run();
        boolean complete = findHidden(healing, after, until);
        if (!complete) {
            coverage.gap("the watch expired (410 Gone): objects that came and went between versions " + after + " and "
                    + until + " may be missing");
        }
        for (Healing.Step step : healing.steps()) {
            record(step);
        }
        recorder.confirmed(Long.toString(until));
    }

    /** What was found and could not be recorded has to be found again, by when its object may be gone. */
    private void forgetUnrecorded(Healing healing) {
        long recorded = Long.parseLong(coverage.resourceVersion());
        for (Healing.Step step : healing.steps()) {
            if (step.revision() > recorded) {
                seen.forget(type, step.revision());
            }
        }
    }

    /** Looks at every revision that nobody has seen; false if there are too many, or if it cannot be told which they are. */
    private boolean findHidden(Healing healing, long after, long until) throws IOException, InterruptedException {
        int most = healing.steps().isEmpty() ? MOST_UNSEEN : MOST_UNSEEN_OF_CHANGING;
        int before = Integer.MAX_VALUE;
        seen.askOthers(after);
        OptionalInt unseen = seen.unseen(after, until);
        for (int waits = 0;
                isFalling(unseen, before, most) && waits < MOST_WAITS && !stopping.getAsBoolean();
                waits++) {
            before = unseen.getAsInt();
            execution.sleep(WAIT_MILLIS);
            seen.askOthers(after);
            unseen = seen.unseen(after, until);
        }
        if (unseen.isEmpty() || unseen.getAsInt() > most) {
            return false;
        }
        for (long revision = seen.lastUnseen(after, until);
                revision > 0;
                revision = seen.lastUnseen(after, revision - 1)) {
            if (healing.findHidden(revision)) {
                healing.steps().forEach(step -> seen.add(type, step.revision()));
            }
        }
        return true;
    }

    private static boolean isFalling(OptionalInt unseen, int before, int most) {
        return unseen.isPresent() && unseen.getAsInt() > 0 && (unseen.getAsInt() < before || unseen.getAsInt() > most);
    }

    private void record(Healing.Step step) throws IOException, InterruptedException {
        byte[] body = lists.body(step.key(), step.bodyAt());
        if (body == null) {
            throw new IOException(step.key() + " is not in the list at version " + step.bodyAt() + " any more");
        }
        if (step.operation() == Operation.DELETED) {
            body = ObjectMetadata.withResourceVersion(body, Long.toString(step.revision()));
        }
        recorder.changed(step.operation(), body, 0, body.length);
    }
}
