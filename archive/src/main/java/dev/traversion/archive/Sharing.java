/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.members.MemberFiles;
import dev.traversion.archive.members.MemberId;
import dev.traversion.archive.members.Membership;
import dev.traversion.archive.seal.CommitLog;
import dev.traversion.archive.seal.WriterClaim;
import dev.traversion.archive.seal.WriterClaim.Holder;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.StoreRefusal;
import dev.traversion.archive.wal.KeptOutException;
import dev.traversion.archive.wal.WalFence;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One recorder's part among several of one recording: it beats, and one of them commits. Who that is tells the newest claim, as long as
 * the member that made it is there. What commits rest on is their numbers, not this: it keeps two from working for nothing.
 */
final class Sharing implements CommitRight {

    private static final Logger LOG = System.getLogger(Sharing.class.getName());
    private static final long CLAIM_CHECK_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A member that has claimed something need not wait long to hear that it may have it. */
    private static final long QUICK_MILLIS = 300;

    private static final int QUICK_BEATS = 3;

    private final Store store;
    private final Layout layout;
    private final Clock clock;
    private final Execution execution;
    private final Membership membership;
    private final CommitLog commits;
    private final CountDownLatch leaving = new CountDownLatch(1);
    private final Thread thread;
    private volatile CannotContinueException failure;
    private volatile boolean committing;
    private WriterClaim claim;
    private Holder holder;
    private long lookedAt;

    Sharing(Store store, Layout layout, LocalCopies copies, MemberId me, String key, Clock clock, Execution execution) {
        this.store = store;
        this.layout = layout;
        this.clock = clock;
        this.commits = new CommitLog(store, layout, copies);
        this.membership =
                new Membership(new MemberFiles(store, layout), me, key, this::fence, execution::nanoTime, clock);
        this.execution = execution;
        this.thread = execution.thread("member-" + me.writer(), this::run);
        thread.setDaemon(true);
    }

    Membership membership() {
        return membership;
    }

    /** Says that we are here, and begins to look after the others. */
    void join() throws IOException {
        membership.beat();
        thread.start();
    }

    private void fence(MemberId member) throws IOException {
        WalFence.raise(
                store,
                layout.wal(),
                member.writer(),
                member.epoch(),
                commits.load().sealed());
    }

    private void run() {
        int quick = QUICK_BEATS;
        try {
            while (!execution.await(leaving, quick-- > 0 ? QUICK_MILLIS : Membership.INTERVAL.toMillis())) {
                try {
                    membership.beat();
                    if (membership.isLost()) {
                        return;
                    }
                } catch (IOException | StoreRefusal e) {
                    // Also where somebody has to give us keys or rights first: until then our log holds what we record.
                    LOG.log(Level.DEBUG, "a beat failed", e);
                } catch (TraversionException e) {
                    failure = new CannotContinueException(e.getMessage());
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public void check() {
        // That its log was not ended, the store says with each file.
    }

    /** Whether it is up to us to commit; claims that if nobody who is there does. */
    @Override
    public boolean isCommitter() throws IOException {
        if (membership.isLost()) {
            throw new KeptOutException("The others did not hear of this recorder for a while, and go on without it.");
        }
        look();
        if (failure != null) {
            throw failure;
        }
        return committing;
    }

    private void look() throws IOException {
        long now = execution.nanoTime();
        boolean known = holder != null && membership.isPresent(holder.member());
        if (!known || now - lookedAt > CLAIM_CHECK_NANOS) {
            Optional<Holder> newest = WriterClaim.newest(store, layout);
            lookedAt = now;
            if (newest.isPresent() && !newest.get().shared() && holder != null) {
                failure = new CannotContinueException("Another recorder has taken over the recording in "
                        + store.location() + ", to be alone. Stop it, or let it share the recording, too (--share).");
                committing = false;
                return;
            }
            holder = newest.orElse(null);
            if (holder == null || !holder.shared() || !membership.isPresent(holder.member())) {
                take();
            }
        }
        committing = holder != null && claim != null && holder.epoch() == claim.epoch();
    }

    private void take() throws IOException {
        if (membership.isLost()) {
            return;
        }
        if (holder != null
                && !holder.shared()
                && !holder.writer().equals(membership.id().writer())) {
            fence(holder.member());
        }
        claim = WriterClaim.takeAfter(store, layout, holder == null ? 0 : holder.epoch(), membership.id(), clock)
                .orElse(null);
        holder = WriterClaim.newest(store, layout).orElse(null);
        if (claim != null) {
            LOG.log(Level.INFO, "committing from now on, as number {0}", claim.epoch());
        }
    }

    @Override
    public boolean stillCommits() throws IOException {
        committing = claim != null && claim.isHeld();
        if (!committing) {
            holder = null;
        }
        return committing;
    }

    @Override
    public boolean commits() {
        return committing;
    }

    @Override
    public long epoch() {
        return claim.epoch();
    }

    @Override
    public Set<ResourceType> awaited() {
        return membership.ended();
    }

    @Override
    public void published(Set<ResourceType> types) {
        membership.published(types);
    }

    /** Ends beating. */
    void stop() throws InterruptedException {
        leaving.countDown();
        thread.join();
    }
}
