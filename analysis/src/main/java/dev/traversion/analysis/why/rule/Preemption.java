/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import dev.traversion.analysis.why.past.Notice;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A pod that made room for a more important one. */
final class Preemption extends PlainRule {

    private static final Pattern BY = Pattern.compile("[Pp]reempted by (?:a )?pod:? (\\S+)");

    Preemption() {
        super(
                "preemption",
                "A pod was driven away by one of higher priority, which the scheduler's Event names; the change that brought that one is"
                        + " the cause. Proved by both priorities.",
                Set.of(What.PREEMPTED));
    }

    @Override
    public List<Link> back(World world, Trouble trouble) {
        List<Link> links = new ArrayList<>();
        Version victim = trouble.about();
        for (Notice notice : world.notices(victim.key(), "Pod")) {
            Matcher by = BY.matcher(notice.message());
            Optional<Version> other = by.find() ? pod(world, by.group(1)) : Optional.empty();
            if (other.isPresent()) {
                boolean isProved = priority(other.get()) > priority(victim);
                RoomTaken.demands(world, world.root(other.get()), other.get().created() + SLACK).stream()
                        .reduce((_, last) -> last)
                        .ifPresent(change -> links.add(Link.to(
                                change,
                                isProved ? Tier.A : Tier.B,
                                1,
                                "its pod " + other.get().key().path() + " has priority " + priority(other.get())
                                        + ", this one " + priority(victim))));
            }
        }
        return links;
    }

    private static int priority(Version pod) {
        return pod.get("spec", "priority").asInt(0);
    }

    private static Optional<Version> pod(World world, String uid) {
        for (ObjectKey key : world.keys(Types.PODS, "")) {
            Version first = world.versions(key).getFirst();
            if (first.uid().equals(uid)) {
                return Optional.of(first);
            }
        }
        return Optional.empty();
    }
}
