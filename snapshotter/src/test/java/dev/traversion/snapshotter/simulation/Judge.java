/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.simulation;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.store.LocalCopies;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.verify.Verification;
import dev.traversion.archive.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Compares a recording, as the product's own readers show it, with what was in etcd. */
final class Judge {

    private static final int MOMENTS = 4;

    /** Only these reasons of a gap admit that something may be missing. */
    private static final List<String> LOSSES = List.of(
            "intermediate versions are unknown",
            "may be missing",
            "versions went back",
            "cannot be listed",
            "the stream broke");

    private record Recorded(
            ObjectKey key, long revision, Operation operation, String uid, long observedAt, byte[] body) {}

    private final SimulatedCluster cluster;
    private final List<Change> acknowledged;
    private final Store store;
    private final Path cache;
    private final RandomGenerator random;

    Judge(SimulatedCluster cluster, List<Change> acknowledged, Store store, Path cache, RandomGenerator random) {
        this.cluster = cluster;
        this.acknowledged = acknowledged;
        this.store = store;
        this.cache = cache;
        this.random = random;
    }

    /**
     * Judges.
     *
     * @param sealed whether parts were made, so that there is something to verify
     */
    void judge(boolean sealed) throws IOException {
        try (Recording recording = open()) {
            for (ResourceType type : cluster.served().keySet()) {
                List<Recorded> recorded = recorded(recording, type);
                ordered(recorded);
                nothingInvented(type, recorded);
                acknowledgedIsThere(type, recorded);
                completeWhereClaimed(recording, type, recorded);
                statesAreThoseOfEtcd(recording, type);
                currentInTheEnd(recording, type);
            }
        }
        if (sealed) {
            VerifyReport report = new Verification(
                            store, RecorderLife.CLUSTER, new LocalCopies(store, cache, 1L << 30), file -> {})
                    .run();
            require(report.isWhole(), "verified", () -> report.damages().toString());
        }
    }

    /** Judges only that what was acknowledged is there, which has to hold at any time. */
    void judgeAcknowledged() throws IOException {
        try (Recording recording = open()) {
            for (ResourceType type : cluster.served().keySet()) {
                acknowledgedIsThere(type, recorded(recording, type));
            }
        }
    }

    private Recording open() throws IOException {
        return Recording.open(store, RecorderLife.CLUSTER, new RecordingOptions(cache, 1L << 30, 1 << 20, 1 << 20));
    }

    private interface Text {
        String get();
    }

    private static void require(boolean holds, String promise, Text broken) {
        if (!holds) {
            throw new AssertionError(promise + ": " + broken.get());
        }
    }

    private static List<Recorded> recorded(History recording, ResourceType type) throws IOException {
        List<Recorded> all = new ArrayList<>();
        recording.changes(
                type,
                "",
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                version -> all.add(new Recorded(
                        version.key(),
                        Long.parseLong(version.resourceVersion()),
                        version.operation(),
                        version.uid(),
                        version.observedAt(),
                        version.body())));
        return all;
    }

    /** Ordered and unique: times rise within a type, versions within an object. */
    private static void ordered(List<Recorded> recorded) {
        long time = Long.MIN_VALUE;
        Map<ObjectKey, Recorded> last = new HashMap<>();
        for (Recorded each : recorded) {
            long before = time;
            require(
                    each.observedAt > time,
                    "ordered",
                    () -> describe(each) + " at " + each.observedAt + " after " + before);
            time = each.observedAt;
            Recorded previous = last.put(each.key, each);
            require(
                    previous == null || previous.revision < each.revision,
                    "ordered and unique",
                    () -> describe(each) + " after " + describe(previous));
        }
    }

    private static String describe(Recorded version) {
        return version.operation + " " + version.key + " at version " + version.revision;
    }

    private void nothingInvented(ResourceType type, List<Recorded> recorded) {
        Map<Long, SimulatedCluster.Version> byRevision = new HashMap<>();
        cluster.history(type).forEach(version -> byRevision.put(version.revision(), version));
        Map<ObjectKey, Long> last = new HashMap<>();
        for (Recorded each : recorded) {
            long before = Objects.requireNonNullElse(last.put(each.key, each.revision), 0L);
            SimulatedCluster.Version real = byRevision.get(each.revision);
            if (each.operation == Operation.DELETED && each.body.length == 0) {
                require(
                        cluster.history(type).stream()
                                .anyMatch(version -> version.key().equals(each.key)
                                        && version.operation() == Operation.DELETED
                                        && version.uid().equals(each.uid)
                                        && version.revision() > before
                                        && version.revision() <= each.revision),
                        "nothing invented",
                        () -> describe(each) + ", which was not deleted");
                continue;
            }
            require(
                    real != null && real.key().equals(each.key) && real.uid().equals(each.uid),
                    "nothing invented",
                    () -> describe(each) + ", which never was");
            require(
                    (real.operation() == Operation.DELETED) == (each.operation == Operation.DELETED),
                    "nothing invented",
                    () -> describe(each) + ", which was " + real.operation());
            require(
                    Arrays.equals(real.body(), each.body),
                    "exact",
                    () -> describe(each) + " has the body\n" + SimulatedCluster.text(each.body) + "\ninstead of\n"
                            + SimulatedCluster.text(real.body()));
        }
    }

    private void acknowledgedIsThere(ResourceType type, List<Recorded> recorded) {
        Set<String> there = new HashSet<>();
        recorded.forEach(each -> there.add(describe(each)));
        for (Change change : acknowledged) {
            if (change.key().type().equals(type)) {
                String wanted = change.operation() + " " + change.key() + " at version " + change.resourceVersion();
                require(there.contains(wanted), "reliable", () -> wanted + " was acknowledged and is not there");
            }
        }
    }

    /** What is missing is so where a gap says that something may be. */
    private void completeWhereClaimed(History recording, ResourceType type, List<Recorded> recorded) {
        List<CoverageInterval> coverage = recording.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE);
        Set<Long> there = new HashSet<>();
        recorded.forEach(each -> there.add(each.revision));
        long known = -1;
        boolean admitted = true;
        for (CoverageInterval interval : coverage) {
            if (!interval.observed()) {
                admitted |= LOSSES.stream().anyMatch(interval.reason()::contains);
                continue;
            }
            long from = Long.parseLong(interval.fromVersion());
            long to = Math.max(from, Long.parseLong(interval.toVersion()));
            if (known >= 0 && !admitted) {
                requireAll(
                        type,
                        there,
                        known,
                        from,
                        "between two stretches of coverage, without a gap that admits it",
                        coverage);
            }
            requireAll(type, there, from, to, "in a stretch that is covered", coverage);
            known = Math.max(known, to);
            admitted = false;
        }
    }

    /** Whatever else the recording may admit: no version after this one is missing. */
    void everythingIsThereSince(long revision, String when) throws IOException {
        try (Recording recording = open()) {
            for (ResourceType type : cluster.served().keySet()) {
                Set<Long> there = new HashSet<>();
                recorded(recording, type).forEach(each -> there.add(each.revision));
                List<CoverageInterval> coverage = recording.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE);
                requireAll(type, there, revision, cluster.revision(), when, coverage);
            }
        }
    }

    private void requireAll(
            ResourceType type, Set<Long> there, long after, long until, String where, List<CoverageInterval> coverage) {
        for (SimulatedCluster.Version version : cluster.history(type)) {
            boolean wanted = version.revision() > after && version.revision() <= until;
            require(
                    !wanted || there.contains(version.revision()),
                    "reliable",
                    () -> version.operation() + " " + version.key() + " at version " + version.revision()
                            + " is missing " + where + ":\n" + lines(coverage));
        }
    }

    private static String lines(List<CoverageInterval> coverage) {
        StringBuilder lines = new StringBuilder();
        coverage.forEach(interval -> lines.append("  ").append(interval).append('\n'));
        return lines.toString();
    }

    /** Whatever is observed is, at any moment, what a list had at the version of that moment. */
    private void statesAreThoseOfEtcd(History recording, ResourceType type) throws IOException {
        List<CoverageInterval> observed = recording.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE).stream()
                .filter(CoverageInterval::observed)
                .toList();
        for (int i = 0; i < MOMENTS && !observed.isEmpty(); i++) {
            CoverageInterval interval = observed.get(random.nextInt(observed.size()));
            long to = Math.min(interval.to(), recording.end() + 1);
            if (to > interval.from()) {
                stateIsThatOfEtcd(recording, type, random.nextLong(interval.from(), to));
            }
        }
    }

    private void stateIsThatOfEtcd(History recording, ResourceType type, long time) throws IOException {
        String version = recording.resourceVersion(type, time);
        require(ResourceVersions.isNumeric(version), "states", () -> type + " has no version at " + time);
        Map<ObjectKey, SimulatedCluster.Version> real = new HashMap<>(cluster.state(type, Long.parseLong(version)));
        recording.list(type, "", null, time, each -> {
            SimulatedCluster.Version expected = real.remove(each.key());
            require(
                    expected != null && Arrays.equals(expected.body(), each.body()),
                    "states",
                    () -> each.key() + " at " + time + ", version " + version + " of the list, has version "
                            + each.resourceVersion() + " instead of "
                            + (expected == null ? "none" : expected.revision()) + "\n"
                            + lines(recording.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE)));
            return true;
        });
        require(real.isEmpty(), "states", () -> real.keySet() + " are missing at " + time + ", version " + version);
    }

    /** Everything was well for a while: what there is now is recorded, and the resource is observed. */
    private void currentInTheEnd(History recording, ResourceType type) throws IOException {
        Map<ObjectKey, Long> real = new HashMap<>();
        cluster.state(type, Long.MAX_VALUE).forEach((key, version) -> real.put(key, version.revision()));
        Map<ObjectKey, Long> recorded = new HashMap<>();
        recording.list(type, "", null, recording.end(), (ObjectVersion version) -> {
            recorded.put(version.key(), Long.parseLong(version.resourceVersion()));
            return true;
        });
        require(
                recorded.equals(real),
                "resumable",
                () -> "in the end " + type + " are " + recorded + " instead of " + real + "\n"
                        + lines(recording.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE)));
    }
}
