/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who had which address when: one after the other they have the same. For one thread. */
final class AddressClaims {

    /** From {@code from} on it may have had the address, from {@code since} on it had it. */
    private static final class Claim {
        private final ObjectKey owner;
        private final boolean isKnown;
        private final long from;
        private final long since;
        private long to = Long.MAX_VALUE;

        private Claim(ObjectKey owner, boolean isKnown, long from, long since) {
            this.owner = owner;
            this.isKnown = isKnown;
            this.from = from;
            this.since = since;
        }

        private boolean contains(long at) {
            return at >= from && at < to;
        }
    }

    private final Map<String, List<Claim>> claims = new HashMap<>();
    private final Map<ObjectKey, Map<String, Claim>> open = new HashMap<>();
    private final Map<ObjectKey, Long> without = new HashMap<>();

    /**
     * Learns what a version says.
     *
     * @param holder whose versions tell it
     * @param isKnown whether the owner may be named
     * @param addresses all it has now
     * @param created ns; it had none before
     * @param at when that was observed, ns; not before what was learned of it before
     */
    void learn(ObjectKey holder, ObjectKey owner, boolean isKnown, Set<String> addresses, long created, long at) {
        Map<String, Claim> theirs = open.computeIfAbsent(holder, any -> new HashMap<>());
        end(theirs, addresses, at);
        // The version before says that it had none yet; without one, it had it from the beginning.
        long from = without.getOrDefault(holder, created);
        for (String address : addresses) {
            if (!theirs.containsKey(address)) {
                Claim claim = new Claim(owner, isKnown, Math.min(from, at), at);
                theirs.put(address, claim);
                claims.computeIfAbsent(address, any -> new ArrayList<>()).add(claim);
            }
        }
        without.put(holder, at);
    }

    /** It is gone. */
    void end(ObjectKey holder, long at) {
        end(open.getOrDefault(holder, Map.of()), Set.of(), at);
        without.remove(holder);
    }

    private static void end(Map<String, Claim> theirs, Set<String> but, long at) {
        theirs.entrySet().removeIf(each -> {
            boolean isOver = !but.contains(each.getKey());
            if (isOver) {
                each.getValue().to = at;
            }
            return isOver;
        });
    }

    /**
     * Who had an address at a time; empty if nobody had, if it may not be named, or if it may have been the one or the other: the API tells
     * of an address only a while after it is given.
     */
    Optional<ObjectKey> owner(String address, long at) {
        Claim last = null;
        Set<ObjectKey> soon = new HashSet<>();
        for (Claim claim : claims.getOrDefault(address, List.of())) {
            if (claim.contains(at) && claim.since > at) {
                soon.add(claim.owner);
            } else if (claim.contains(at) && (last == null || claim.since >= last.since)) {
                last = claim;
            }
        }
        if (last != null) {
            soon.add(last.owner);
        }
        if (soon.size() != 1) {
            return Optional.empty();
        }
        ObjectKey owner = soon.iterator().next();
        boolean isKnown = claims.get(address).stream()
                .filter(claim -> claim.contains(at) && claim.owner.equals(owner))
                .allMatch(claim -> claim.isKnown);
        return isKnown ? Optional.of(owner) : Optional.empty();
    }

    /** All who had an address at a time, where several may. */
    Set<ObjectKey> owners(String address, long at) {
        Set<ObjectKey> owners = new HashSet<>();
        for (Claim claim : claims.getOrDefault(address, List.of())) {
            if (claim.contains(at)) {
                owners.add(claim.owner);
            }
        }
        return owners;
    }

    /** All who ever had one. */
    Set<ObjectKey> owners() {
        Set<ObjectKey> owners = new HashSet<>();
        claims.values().forEach(each -> each.forEach(claim -> owners.add(claim.owner)));
        return owners;
    }
}
