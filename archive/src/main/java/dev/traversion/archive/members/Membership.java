/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import dev.traversion.archive.ResourceType;
import dev.traversion.archive.TraversionException;
import dev.traversion.archive.members.MemberFiles.Found;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * One recorder among several. Each {@linkplain #beat() beat} says what it claims and then looks at the others: two who claim a type at
 * the same time both see it, since each writes before it reads, and nobody takes what another one claims. Who is silent for too long
 * is kept out: first its log is ended, then the others reckon without it. No two clocks need agree.
 *
 * <p>One thread beats; the rest is safe for concurrent use.
 */
public final class Membership implements Share {

    /** How often to beat. */
    public static final Duration INTERVAL = Duration.ofSeconds(2);

    private static final Duration MOST_SILENCE = Duration.ofSeconds(10);
    private static final Logger LOG = System.getLogger(Membership.class.getName());

    /** Ends the log of a member that is to be kept out. */
    public interface LogFence {
        /** Returns when nothing can appear in its log any more. */
        void raise(MemberId member) throws IOException;
    }

    private enum Stage {
        /** In the beat, so that nobody else takes it. */
        CLAIMED,
        /** To be recorded. */
        OURS,
        /** To be ended: it belongs to another one now, who waits for it. */
        LEAVING,
        /** Ended; what was recorded is not in the store yet. */
        ENDED
    }

    private final MemberFiles files;
    private final MemberId me;
    private final String key;
    private final LogFence fence;
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final String since;
    private final Silence silence = new Silence(MOST_SILENCE, INTERVAL.multipliedBy(2));
    private final Map<MemberId, Known> known = new HashMap<>();
    private final Map<ResourceType, Stage> stages = new TreeMap<>();
    private Set<ResourceType> served = Set.of();
    private List<Member> members = List.of();
    private long number;
    private boolean lost;
    private boolean settled;

    private record Known(long number, Beat beat) {}

    /**
     * @param key tells whether two members mask with the same key
     * @param nanoTime of a clock that never jumps
     * @param clock of the times that are shown
     */
    public Membership(MemberFiles files, MemberId me, String key, LogFence fence, LongSupplier nanoTime, Clock clock) {
        this.files = files;
        this.me = me;
        this.key = key;
        this.fence = fence;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.since = clock.instant().toString();
    }

    public MemberId id() {
        return me;
    }

    /** Says that we are here, looks who else is, and shares the types anew. To be called every {@link #INTERVAL}. */
    public void beat() throws IOException {
        try {
            Set<ResourceType> said = claims();
            files.beat(me, ++number, new Beat(since, clock.instant().toString(), texts(said), false, key));
            Map<MemberId, Found> found = files.list();
            if (isKeptOut(found.get(me))) {
                lose();
                return;
            }
            forgetOwn(found);
            boolean sawAll = read(found);
            keepOutSilent(found);
            share(said, sawAll);
        } catch (IOException | RuntimeException e) {
            silence.deaf();
            throw e;
        }
    }

    private boolean isKeptOut(Found own) {
        return own == null || own.keptOut() || !own.beats().contains(number);
    }

    private synchronized void lose() {
        lost = true;
        stages.clear();
        members = List.of();
    }

    /** Our earlier beats; the last but one stays, since others may just be about to read it. */
    private void forgetOwn(Map<MemberId, Found> found) throws IOException {
        for (Map.Entry<MemberId, Found> each : found.entrySet()) {
            if (each.getKey().equals(me)) {
                for (long old : each.getValue().beats().headSet(number - 1)) {
                    files.delete(me, old);
                }
            } else if (each.getKey().writer().equals(me.writer())) {
                // Our own past: who opened the log anew has taken care of it.
                files.forget(each.getKey(), each.getValue());
            }
        }
        found.keySet().removeIf(id -> id.writer().equals(me.writer()) && !id.equals(me));
    }

    /** Reads the newest beats of the others; false if one could not be seen. */
    private boolean read(Map<MemberId, Found> found) throws IOException {
        boolean sawAll = true;
        known.keySet().retainAll(found.keySet());
        found.entrySet()
                .removeIf(each -> each.getKey().equals(me) || each.getValue().keptOut());
        for (Map.Entry<MemberId, Found> each : found.entrySet()) {
            long newest = each.getValue().newest();
            Known before = known.get(each.getKey());
            if (before == null || before.number != newest) {
                Optional<Beat> beat = files.read(each.getKey(), newest);
                beat.ifPresent(said -> known.put(each.getKey(), new Known(newest, said)));
                sawAll &= beat.isPresent();
            }
        }
        return sawAll;
    }

    private void keepOutSilent(Map<MemberId, Found> found) throws IOException {
        Map<MemberId, Long> newest = new HashMap<>();
        found.forEach((id, each) -> newest.put(id, each.newest()));
        Set<MemberId> gone = new HashSet<>();
        for (MemberId silent : silence.look(newest, nanoTime.getAsLong())) {
            Known last = known.get(silent);
            if (last != null && last.beat.left()) {
                files.forget(silent, found.get(silent));
            } else {
                LOG.log(
                        Level.INFO,
                        "{0} has not been heard for {1} s: it is kept out",
                        silent,
                        MOST_SILENCE.toSeconds());
                fence.raise(silent);
                files.keepOut(silent);
            }
            gone.add(silent);
        }
        List<Member> now = new ArrayList<>();
        for (MemberId id : found.keySet()) {
            Known last = known.get(id);
            if (last != null && !last.beat.left() && !gone.contains(id) && hasOurKey(id, last.beat)) {
                now.add(new Member(id, last.beat));
            }
        }
        synchronized (this) {
            members = List.copyOf(now);
        }
    }

    /** Of two that mask with different keys the one that comes later ends; until it is gone, the other shares nothing with it. */
    private boolean hasOurKey(MemberId other, Beat beat) {
        boolean same = beat.key().equals(key);
        if (!same && number == 1) {
            throw new TraversionException("The recorder " + other.writer()
                    + " masks with another key: secrets would seem to change whenever a resource passes from one to"
                    + " the other. Give both the same masking key.");
        }
        return same;
    }

    private synchronized void share(Set<ResourceType> said, boolean sawAll) {
        Set<String> writers = new TreeSet<>(Set.of(me.writer()));
        Set<ResourceType> claimedByOthers = new HashSet<>();
        for (Member member : members) {
            writers.add(member.id().writer());
            claimedByOthers.addAll(types(member.beat()));
        }
        Set<ResourceType> all = new TreeSet<>(served);
        all.addAll(stages.keySet());
        boolean hasAll = sawAll && !served.isEmpty();
        for (ResourceType type : all) {
            boolean mine =
                    served.contains(type) && Rendezvous.owner(type, writers).equals(me.writer());
            Stage now = stages.get(type);
            if (now == null && mine) {
                stages.put(type, Stage.CLAIMED);
            } else if (now == Stage.CLAIMED && !mine) {
                stages.remove(type);
            } else if (now == Stage.CLAIMED && sawAll && said.contains(type) && !claimedByOthers.contains(type)) {
                stages.put(type, Stage.OURS);
            } else if (now == Stage.OURS && !mine) {
                stages.put(type, Stage.LEAVING);
            }
            hasAll &= !mine || stages.get(type) == Stage.OURS;
        }
        settled = hasAll;
    }

    @Override
    public synchronized boolean isSettled() {
        return settled;
    }

    private synchronized Set<ResourceType> claims() {
        return new TreeSet<>(stages.keySet());
    }

    @Override
    public synchronized Set<ResourceType> ours(Set<ResourceType> all) {
        if (!lost) {
            served = Set.copyOf(all);
        }
        return in(Stage.OURS);
    }

    @Override
    public synchronized void observing(Collection<ResourceType> types) {
        stages.replaceAll((type, stage) -> stage == Stage.LEAVING && !types.contains(type) ? Stage.ENDED : stage);
    }

    /** Types whose observation has ended, and which are given on as soon as they are {@link #published}. */
    public synchronized Set<ResourceType> ended() {
        return in(Stage.ENDED);
    }

    /** All that was recorded of these is in the store. */
    public synchronized void published(Collection<ResourceType> types) {
        stages.keySet().removeAll(types);
    }

    /** Says that all we recorded is in the store, and that we are not here any more. */
    public void leave() throws IOException {
        synchronized (this) {
            stages.clear();
            if (lost) {
                return;
            }
        }
        files.beat(me, ++number, new Beat(since, clock.instant().toString(), List.of(), true, key));
    }

    /** Whether the others reckon without us: nothing we record is seen any more. */
    public synchronized boolean isLost() {
        return lost;
    }

    /** The types that are ours at present. */
    public synchronized Set<ResourceType> ours() {
        return in(Stage.OURS);
    }

    /** The others who are there, as seen at the last beat. */
    public synchronized List<Member> others() {
        return members;
    }

    /** Whether a member is there: it is us, or was at our last look. */
    public synchronized boolean isPresent(MemberId member) {
        return !lost
                && (member.equals(me)
                        || members.stream().anyMatch(each -> each.id().equals(member)));
    }

    private Set<ResourceType> in(Stage wanted) {
        Set<ResourceType> types = new TreeSet<>();
        stages.forEach((type, stage) -> {
            if (stage == wanted) {
                types.add(type);
            }
        });
        return types;
    }

    private static List<String> texts(Set<ResourceType> types) {
        return types.stream().map(type -> type.group() + "/" + type.resource()).toList();
    }

    /** The types a beat claims. */
    public static Set<ResourceType> types(Beat beat) {
        Set<ResourceType> types = new TreeSet<>();
        for (String text : beat.claims()) {
            int slash = text.indexOf('/');
            types.add(new ResourceType(text.substring(0, slash), text.substring(slash + 1)));
        }
        return types;
    }
}
