/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.erasure;

import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.denial.CreationTime;
import dev.traversion.archive.denial.Lifetime;
import dev.traversion.archive.part.VersionSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the lifetimes of a namespace by its Namespace objects. */
final class Lifetimes {

    private static final class Seen {
        private final String created;
        private final long first;
        private long deleted = Long.MAX_VALUE;

        Seen(String created, long first) {
            this.created = created;
            this.first = first;
        }
    }

    private final ObjectKey key;
    private final String namespace;
    private final Map<String, Seen> byUid = new LinkedHashMap<>();

    Lifetimes(String namespace) {
        this.namespace = namespace;
        this.key = Lifetime.key(namespace);
    }

    /** Looks at a source; sources come in the order of time. */
    void look(VersionSource source, long start) throws IOException {
        ObjectVersion carried = source.last(key, start).orElse(null);
        if (carried != null) {
            add(carried);
        }
        source.versions(key, Long.MIN_VALUE, Long.MAX_VALUE, this::add);
    }

    private boolean add(ObjectVersion version) {
        Seen seen = byUid.computeIfAbsent(
                version.uid(), _ -> new Seen(CreationTime.of(version.body()), version.observedAt()));
        if (version.operation() == Operation.DELETED) {
            seen.deleted = version.observedAt();
        }
        return true;
    }

    /** In the order of time. */
    List<Lifetime> all() {
        List<Map.Entry<String, Seen>> seen = new ArrayList<>(byUid.entrySet());
        List<Lifetime> lifetimes = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            Seen own = seen.get(i).getValue();
            Seen next = i + 1 < seen.size() ? seen.get(i + 1).getValue() : null;
            lifetimes.add(new Lifetime(
                    namespace,
                    seen.get(i).getKey(),
                    own.created,
                    i == 0 ? "" : own.created,
                    next == null ? "" : next.created,
                    i == 0 ? Long.MIN_VALUE : own.first,
                    next == null ? Long.MAX_VALUE : next.first,
                    own.first,
                    next == null ? own.deleted : Math.min(own.deleted, next.first)));
        }
        return lifetimes;
    }
}
