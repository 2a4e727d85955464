/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.History;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.e2e.faults.Oracle.Version;
import dev.traversion.masking.Masking;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What a recording holds of one type, and what it says about its own completeness. */
final class TypeRecord {

    /** A version that is recorded. */
    record Entry(String key, long revision, Operation operation, String body, long observedAt) {

        /** Says only that it is gone: when was not seen. */
        boolean isTombstone() {
            return operation == Operation.DELETED && body.isEmpty();
        }
    }

    private final ResourceType type;
    private final List<CoverageInterval> coverage;
    private final long end;
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final NavigableMap<Long, Long> times = new TreeMap<>();
    private final List<String> disordered = new ArrayList<>();
    private final List<String> twice = new ArrayList<>();

    private TypeRecord(ResourceType type, List<CoverageInterval> coverage, long end) {
        this.type = type;
        this.coverage = coverage;
        this.end = end;
    }

    /** Reads the versions from one revision to another. */
    static TypeRecord read(History recording, ResourceType type, long from, long until) throws IOException {
        TypeRecord record =
                new TypeRecord(type, recording.coverage(type, Long.MIN_VALUE, Long.MAX_VALUE), recording.end());
        long[] newest = {0, Long.MIN_VALUE};
        Map<String, Long> newestOf = new HashMap<>();
        recording.changes(type, "", Long.MIN_VALUE, Long.MAX_VALUE, version -> {
            long revision = Long.parseLong(version.resourceVersion());
            String key = version.key().toString();
            // A list comes in its own order, and is a gap until it is complete. That of an object must always be right.
            boolean isBehind = revision >= from
                    && ((revision < newest[0] && record.isObserved(version.observedAt()))
                            || revision < newestOf.getOrDefault(key, 0L));
            if (isBehind) {
                record.disordered.add(key + " " + revision + " after " + newest[0]);
            }
            if (version.observedAt() <= newest[1]) {
                record.disordered.add(key + " " + revision + ": its time does not rise");
            }
            newest[0] = Math.max(newest[0], revision);
            newest[1] = version.observedAt();
            newestOf.put(key, revision);
            record.times.put(revision, version.observedAt());
            if (revision >= from && revision <= until) {
                String body = new String(version.body(), StandardCharsets.UTF_8);
                Entry entry = new Entry(key, revision, version.operation(), body, version.observedAt());
                if (record.entries.put(key + " " + revision, entry) != null) {
                    record.twice.add(key + " " + revision);
                }
            }
            return true;
        });
        return record;
    }

    List<String> disordered() {
        return disordered;
    }

    List<String> twice() {
        return twice;
    }

    /** The version as it is recorded, which is then no longer part of the rest; null if it is not. */
    Entry take(Version version) {
        return entries.remove(version.key() + " " + version.revision());
    }

    /** What nobody took. */
    Collection<Entry> rest() {
        return entries.values();
    }

    String masked(Masking masking, String body) throws IOException {
        return new String(masking.apply(type, body.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private boolean isObserved(long time) {
        return coverage.stream().anyMatch(each -> each.observed() && each.from() <= time && time < each.to());
    }

    /** Whether the recording says by its versions that it has this one. */
    boolean isClaimed(long revision) {
        return confirmedBefore(revision) < Long.MAX_VALUE;
    }

    /** Up to which time the recording says that it has recorded a revision; {@link Long#MAX_VALUE} if it does not say so. */
    long confirmedBefore(long revision) {
        long earliest = Long.MAX_VALUE;
        for (CoverageInterval each : coverage) {
            if (each.observed()
                    && hasVersions(each)
                    && Long.parseLong(each.fromVersion()) < revision
                    && revision <= Long.parseLong(each.toVersion())) {
                earliest = Math.min(earliest, each.to());
            }
        }
        return earliest;
    }

    /** Why a stretch was not observed that lies where a revision should be: between its neighbours, however they were found. */
    Optional<String> declared(long revision) {
        Map.Entry<Long, Long> before = times.lowerEntry(revision);
        Map.Entry<Long, Long> after = times.higherEntry(revision);
        long one = before == null ? coverage.getFirst().from() : before.getValue();
        long other = after == null ? end : after.getValue();
        long time = Math.min(one, other);
        for (CoverageInterval each : coverage) {
            // Who says only that it is late says that nothing is missing.
            boolean isComplete = each.observed() || each.reason().contains(CoverageMark.LATE);
            if (isComplete && each.from() <= time) {
                time = Math.max(time, each.to());
            }
        }
        if (time > Math.max(one, other)) {
            return Optional.empty();
        }
        long from = time;
        return Optional.of(coverage.stream()
                .filter(each -> !each.observed() && each.from() <= from && from < each.to())
                .map(CoverageInterval::reason)
                .findFirst()
                .orElse("nothing is said of it"));
    }

    /** Whether it lies between the end of one observation and the beginning of the next. */
    boolean isSeam(long revision) {
        CoverageInterval before = null;
        for (CoverageInterval each : coverage) {
            if (each.observed() && hasVersions(each)) {
                if (before != null
                        && Long.parseLong(before.toVersion()) < revision
                        && revision <= Long.parseLong(each.fromVersion())) {
                    return true;
                }
                before = each;
            }
        }
        return false;
    }

    private static boolean hasVersions(CoverageInterval interval) {
        return !interval.fromVersion().isEmpty() && !interval.toVersion().isEmpty();
    }
}
