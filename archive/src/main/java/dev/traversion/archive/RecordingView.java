/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive;

import dev.traversion.archive.part.PartFile;
import dev.traversion.archive.part.PartGoneException;
import dev.traversion.archive.part.PartHandle;
import dev.traversion.archive.part.VersionCursor;
import dev.traversion.archive.part.VersionSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/** One state of a recording, read as a whole: which part answers for a moment, and the tail laid over it. Immutable. */
final class RecordingView {

    private static final int NO_PART = -1;

    private final RecordingState state;
    private final List<PartHandle> parts;
    private final VersionSource tail;
    private final Renewal renewal;

    /** Finds another view where a part of this one is not there any more. */
    @FunctionalInterface
    interface Renewal {
        /** @throws PartGoneException if there is none */
        RecordingView after(RecordingView outdated, PartGoneException cause);
    }

    RecordingView(RecordingState state, List<PartHandle> parts, Renewal renewal) {
        this.state = state;
        this.parts = parts;
        this.renewal = renewal;
        tail = state.tail();
    }

    RecordingState state() {
        return state;
    }

    List<PartHandle> parts() {
        return parts;
    }

    /**
     * The part whose rows, together with the tail, tell the state of a type at a time; {@link #NO_PART} if all parts are later.
     *
     * <p>It is the last one that began by then. But neighbours may overlap: changes of one type can be in a part though changes of
     * another type in the part before are younger. If the type's own changes here are all later than the time, and the part before
     * did not end by then, the part before tells.
     */
    private int partFor(ResourceType type, long time) {
        int i = lastBegun(time);
        while (i > 0 && parts.get(i - 1).file().end() > time) {
            OptionalLong first = parts.get(i).reader().firstChange(type);
            if (first.isPresent() && first.getAsLong() <= time) {
                break;
            }
            i--;
        }
        return i;
    }

    private int lastBegun(long time) {
        int i = parts.size() - 1;
        while (i >= 0 && parts.get(i).file().start() > time) {
            i--;
        }
        return i;
    }

    private VersionSource part(int i) {
        return parts.get(i).reader();
    }

    private boolean tailReaches(ResourceType type, long time) {
        OptionalLong first = tail.firstChange(type);
        return first.isPresent() && first.getAsLong() <= time;
    }

    SortedSet<ResourceType> types(long time) {
        SortedSet<ResourceType> types = new TreeSet<>(tail.types(time));
        int i = lastBegun(time);
        if (i != NO_PART) {
            types.addAll(part(i).types(time));
        }
        return types;
    }

    Optional<ObjectVersion> get(ObjectKey key, long time) {
        Optional<ObjectVersion> last = Optional.empty();
        if (tailReaches(key.type(), time)) {
            last = tail.last(key, time);
        }
        if (last.isEmpty()) {
            int i = partFor(key.type(), time);
            if (i != NO_PART) {
                last = part(i).last(key, time).map(version -> continued(version, i));
            }
        }
        return last.filter(version -> version.operation() != Operation.DELETED);
    }

    void list(ResourceType type, String namespace, ObjectKey after, long time, ObjectVersion.Visitor visitor)
            throws IOException {
        int i = partFor(type, time);
        try (VersionCursor sealed = i == NO_PART ? VersionCursor.EMPTY : part(i).states(type, namespace, after, time);
                VersionCursor recent =
                        tailReaches(type, time) ? tail.states(type, namespace, after, time) : VersionCursor.EMPTY) {
            boolean inSealed = sealed.next();
            boolean inRecent = recent.next();
            boolean wantsMore = true;
            while (wantsMore && (inSealed || inRecent)) {
                int order = order(sealed, inSealed, recent, inRecent);
                ObjectVersion version = order < 0 ? continued(sealed.current(), i) : recent.current();
                if (version.operation() != Operation.DELETED) {
                    wantsMore = visitor.visit(version);
                }
                inSealed = order <= 0 ? sealed.next() : inSealed;
                inRecent = order >= 0 ? recent.next() : inRecent;
            }
        }
    }

    /** Negative if the sealed version comes next, positive if the recent one does, zero if the recent one replaces the sealed one. */
    private static int order(VersionCursor sealed, boolean inSealed, VersionCursor recent, boolean inRecent) {
        if (!inRecent) {
            return -1;
        }
        return inSealed ? sealed.current().key().compareTo(recent.current().key()) : 1;
    }

    void versions(ObjectKey key, long from, long to, ObjectVersion.Visitor visitor) throws IOException {
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            if (touches(parts.get(i).file(), from, to)
                    && !part(i).versions(key, from, to, version -> visitor.visit(continued(version, part)))) {
                return;
            }
        }
        tail.versions(key, from, to, visitor);
    }

    void changes(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        for (int i = 0; i < parts.size(); i++) {
            int part = i;
            if (touches(parts.get(i).file(), from, to)
                    && !part(i).changes(
                                    type, namespace, from, to, version -> visitor.visit(continued(version, part)))) {
                return;
            }
        }
        tail.changes(type, namespace, from, to, visitor);
    }

    void unorderedChanges(ResourceType type, String namespace, long from, long to, ObjectVersion.Visitor visitor)
            throws IOException {
        // All are opened before the first visit: what was visited already could not be told if one of them were gone.
        VersionSource[] sources = new VersionSource[parts.size()];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = touches(parts.get(i).file(), from, to) ? part(i) : null;
        }
        for (int i = 0; i < sources.length; i++) {
            int part = i;
            if (sources[i] != null
                    && !sources[i].unorderedChanges(
                            type, namespace, from, to, version -> visitor.visit(continued(version, part)))) {
                return;
            }
        }
        tail.unorderedChanges(type, namespace, from, to, visitor);
    }

    private static boolean touches(PartFile part, long from, long to) {
        return part.start() <= to && part.end() >= from;
    }

    /** A version of part i that knows of its successors in what follows. */
    private ObjectVersion continued(ObjectVersion version, int i) {
        return new ContinuedVersion(version, (key, time) -> {
            RecordingView view = this;
            int firstPart = i + 1;
            while (true) {
                try {
                    return view.nextChange(key, time, firstPart);
                } catch (PartGoneException e) {
                    view = renewal.after(view, e);
                    firstPart = 0;
                }
            }
        });
    }

    private long nextChange(ObjectKey key, long time, int firstPart) {
        long[] next = {Long.MAX_VALUE};
        ObjectVersion.Visitor first = version -> {
            next[0] = version.observedAt();
            return false;
        };
        try {
            for (int i = firstPart; i < parts.size() && next[0] == Long.MAX_VALUE; i++) {
                part(i).versions(key, time + 1, Long.MAX_VALUE, first);
            }
            if (next[0] == Long.MAX_VALUE) {
                tail.versions(key, time + 1, Long.MAX_VALUE, first);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return next[0];
    }

    String resourceVersion(ResourceType type, long time) {
        String recent = tailReaches(type, time) ? tail.resourceVersion(type, time) : "";
        int i = partFor(type, time);
        String sealed = i == NO_PART ? "" : part(i).resourceVersion(type, time);
        boolean isRecent = sealed.isEmpty() || ResourceVersions.compare(recent, sealed) > 0;
        // versions without an order: what was observed later is newer
        boolean unordered = !recent.isEmpty() && !ResourceVersions.isNumeric(recent);
        String changed = isRecent || unordered ? recent : sealed;
        String listed = listedVersion(type, time);
        return changed.isEmpty() || ResourceVersions.compare(listed, changed) > 0 ? listed : changed;
    }

    /** The version of the newest list with which an observation began: of a type that never changed, the only one known. */
    private String listedVersion(ResourceType type, long time) {
        String version = "";
        for (CoverageInterval interval : state.coverage()) {
            if (interval.type().equals(type) && interval.observed() && interval.from() <= time) {
                version = interval.fromVersion();
            }
        }
        return version;
    }

    private boolean isKnown(ResourceType type, long time) {
        return !listedVersion(type, time).isEmpty() || types(time).contains(type);
    }

    Optional<Long> timeOf(ResourceType type, String resourceVersion) {
        if (!ResourceVersions.isNumeric(resourceVersion)) {
            return Optional.empty();
        }
        OptionalLong newer = OptionalLong.empty();
        for (int i = 0; i < parts.size() && newer.isEmpty(); i++) {
            newer = part(i).firstNewer(type, resourceVersion);
        }
        if (newer.isEmpty()) {
            newer = tail.firstNewer(type, resourceVersion);
        }
        long until = Math.min(newer.orElse(Long.MAX_VALUE), firstListedNewer(type, resourceVersion));
        long time = Math.min(until - 1, state.end());
        return time >= state.start() && isKnown(type, time) ? Optional.of(time) : Optional.empty();
    }

    private long firstListedNewer(ResourceType type, String resourceVersion) {
        return state.coverage().stream()
                .filter(interval -> interval.type().equals(type) && interval.observed())
                .filter(interval -> ResourceVersions.compare(interval.fromVersion(), resourceVersion) > 0)
                .mapToLong(CoverageInterval::from)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    OptionalLong lastChange(ResourceType type) {
        OptionalLong last = tail.lastChange(type);
        for (int i = parts.size() - 1; i >= 0 && last.isEmpty(); i--) {
            last = part(i).lastChange(type);
        }
        return last;
    }

    List<CoverageInterval> coverage(ResourceType type, long from, long to) {
        List<CoverageInterval> touching = new ArrayList<>();
        for (CoverageInterval interval : state.coverage()) {
            boolean wanted = type == null || interval.type().equals(type);
            if (wanted && interval.from() <= to && interval.to() > from) {
                touching.add(interval);
            }
        }
        return touching;
    }
}
