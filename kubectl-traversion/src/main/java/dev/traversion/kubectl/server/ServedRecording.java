/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.server;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.time.MomentText;
import dev.traversion.kubectl.time.Recorded;
import dev.traversion.rewind.cluster.Gaps;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.discovery.Discovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One recorded cluster, as the resolving of times sees it. A snapshot of its range; made for each request. */
final class ServedRecording implements Recorded {

    private static final String DEFAULT_NAMESPACE = "default";

    private final ServedCluster cluster;
    private final History history;
    private final String namespace;
    private final Instant start;
    private final Instant end;
    private final boolean live;

    /** @param namespace of the objects times may name; {@code ""} for the default one */
    ServedRecording(ServedCluster cluster, String namespace) {
        this.cluster = cluster;
        this.history = cluster.history();
        this.namespace = namespace.isEmpty() ? DEFAULT_NAMESPACE : namespace;
        history.refresh();
        this.start = Times.instant(history.start());
        this.end = Times.instant(history.end());
        this.live = history.live();
    }

    @Override
    public Instant start() {
        return start;
    }

    @Override
    public Instant end() {
        return end;
    }

    @Override
    public String reasonBefore(Instant instant) {
        long time = Times.nanos(instant);
        return history.coverage(null, time, time).stream()
                .filter(interval -> !interval.observed())
                .map(CoverageInterval::reason)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("");
    }

    @Override
    public boolean live() {
        return live;
    }

    @Override
    public Instant beforeChange(String typeName, String name, int nth) {
        try {
            Set<ResourceType> types = new TypeNames(discovery(Times.nanos(end))).find(typeName);
            if (types.isEmpty()) {
                throw new TraversionException("The recording knows no resource \"" + typeName
                        + "\". See: kubectl traversion at now api-resources");
            }
            for (ResourceType type : types) {
                Optional<Instant> found = beforeChange(type, name, nth);
                if (found.isPresent()) {
                    return found.get();
                }
            }
            throw new TraversionException("The recording has no " + typeName + "/" + name + " in the namespace "
                    + namespace + ". Name another one with -n NAMESPACE.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Instant> beforeChange(ResourceType type, String name, int nth) throws IOException {
        for (String place : List.of(namespace, "")) {
            Deque<Long> newest = new ArrayDeque<>();
            int[] count = {0};
            ObjectVersion.Visitor remember = version -> {
                count[0]++;
                newest.addLast(version.observedAt());
                if (newest.size() > nth) {
                    newest.removeFirst();
                }
                return true;
            };
            history.versions(new ObjectKey(type, place, name), Long.MIN_VALUE, Long.MAX_VALUE, remember);
            if (count[0] == 0) {
                continue;
            }
            long before = newest.getFirst() - 1;
            if (count[0] < nth || before < Times.nanos(start)) {
                throw new TraversionException(
                        "The recording has " + count[0] + " version" + (count[0] == 1 ? "" : "s") + " of "
                                + type + "/" + name + ", the first of " + MomentText.full(first(type, place, name))
                                + ", so it does not know the moment before change ~" + nth + ".");
            }
            return Optional.of(Times.instant(before));
        }
        return Optional.empty();
    }

    private Instant first(ResourceType type, String place, String name) throws IOException {
        long[] first = {0};
        history.versions(new ObjectKey(type, place, name), Long.MIN_VALUE, Long.MAX_VALUE, version -> {
            first[0] = version.observedAt();
            return false;
        });
        return Times.instant(first[0]);
    }

    private Discovery discovery(long time) throws IOException {
        return cluster.discovery().at(time);
    }

    /** {@code complete}, or {@code incomplete: } and why, of the types a kubectl command asks for at a moment. */
    String completeness(KubectlArguments arguments, Instant instant) throws IOException {
        long time = Times.nanos(instant);
        Set<ResourceType> asked = new LinkedHashSet<>();
        TypeNames names = new TypeNames(discovery(time));
        for (String name : arguments.typeNames()) {
            for (ResourceType type : names.find(name)) {
                asked.add(cluster.storedType(type, time));
            }
        }
        return completeness(asked, arguments.value("-n", "--namespace"), time);
    }

    /**
     * The same of some types, or of all if there are none.
     *
     * @param namespace asked for; {@code ""} for all
     */
    String completeness(Collection<ResourceType> asked, String namespace, long time) {
        return Gaps.completeness(history, asked, namespace, time);
    }
}
