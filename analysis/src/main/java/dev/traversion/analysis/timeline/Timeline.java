/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.timeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.analysis.Scope;
import dev.traversion.analysis.diff.FieldChange;
import dev.traversion.analysis.diff.FieldDiff;
import dev.traversion.analysis.diff.FieldPath;
import dev.traversion.analysis.timeline.TimelineEntry.What;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * What happened between two moments, oldest first.
 *
 * @param entries the latest ones
 * @param omitted how many earlier ones are left out
 */
public record Timeline(List<TimelineEntry> entries, long omitted) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ResourceType EVENTS = new ResourceType("", "events");
    private static final Comparator<TimelineEntry> ORDER = Comparator.comparingLong(TimelineEntry::at);

    /** Recorders end and begin their streams one after another; that is no gap, ns. */
    private static final long STOPPING = 1_000_000_000L;

    /** Types whose changes are heartbeats and documents, told of only if they are asked for by name. */
    private static final Set<ResourceType> QUIET =
            Set.of(new ResourceType("coordination.k8s.io", "leases"), new ResourceType("traversion.dev", "documents"));

    /**
     * Collects it; at most as many entries as are wanted are held.
     *
     * @param from ns, exclusive
     * @param to ns, inclusive
     * @param most how many entries, at least 1
     */
    public static Timeline of(History history, Scope scope, long from, long to, int most) throws IOException {
        Collector collector = new Collector(history, scope, from, to, most);
        Map<String, ResourceType> kinds = new HashMap<>();
        for (ResourceType type : history.types(to)) {
            if (scope.contains(type) && !type.equals(EVENTS) && (!QUIET.contains(type) || scope.names(type))) {
                collector.changes(type, kinds);
                collector.gaps(type);
            }
        }
        collector.events(kinds);
        collector.tellGaps();
        List<TimelineEntry> entries = new ArrayList<>(collector.latest);
        entries.sort(ORDER);
        return new Timeline(entries, collector.omitted);
    }

    /** With further entries; still only the latest ones. */
    public Timeline with(List<TimelineEntry> further, int most) {
        List<TimelineEntry> all = new ArrayList<>(entries);
        // What is older than the oldest that was kept may have had others before it that were not.
        long oldest = omitted == 0 || entries.isEmpty()
                ? Long.MIN_VALUE
                : entries.getFirst().at();
        further.stream().filter(entry -> entry.at() >= oldest).forEach(all::add);
        all.sort(ORDER);
        int left = Math.max(0, all.size() - most);
        return new Timeline(
                List.copyOf(all.subList(left, all.size())),
                omitted + entries.size() + further.size() - (all.size() - left));
    }

    private static final String NOBODY = "nothing was recording";

    private record Gap(long begin, long end, String reason) {}

    private static final class Collector {
        private final History history;
        private final Scope scope;
        private final long from;
        private final long to;
        private final int most;
        private final Map<Gap, List<ResourceType>> gaps = new LinkedHashMap<>();
        private final PriorityQueue<TimelineEntry> latest = new PriorityQueue<>(ORDER);
        private long omitted;

        Collector(History history, Scope scope, long from, long to, int most) {
            this.history = history;
            this.scope = scope;
            this.from = from;
            this.to = to;
            this.most = most;
        }

        private void add(TimelineEntry entry) {
            latest.add(entry);
            if (latest.size() > most) {
                latest.remove();
                omitted++;
            }
        }

        /** @param kinds learns under which type the objects of a kind are recorded */
        void changes(ResourceType type, Map<String, ResourceType> kinds) throws IOException {
            history.list(type, "", null, to, version -> {
                kinds.put(version.kind(), type);
                return false;
            });
            history.changes(type, scope.namespace(), from, to, version -> {
                kinds.put(version.kind(), type);
                if (scope.contains(version.key())) {
                    change(version);
                }
                return true;
            });
        }

        private void change(ObjectVersion version) throws IOException {
            ObjectKey key = version.key();
            long at = version.observedAt();
            if (version.operation() == Operation.DELETED) {
                add(new TimelineEntry(at, What.DELETED, key, "", List.of(), ""));
                return;
            }
            JsonNode now = JSON.readTree(version.body());
            Optional<ObjectVersion> previous = history.get(key, at - 1);
            if (previous.isEmpty()) {
                if (isObserved(key.type(), at)) {
                    add(new TimelineEntry(at, What.CREATED, key, "", List.of(), version.fieldManager()));
                }
                return;
            }
            JsonNode before = JSON.readTree(previous.get().body());
            List<FieldChange> fields = new ArrayList<>();
            List<FieldChange> ofConditions = new ArrayList<>();
            FieldDiff.between(before, now).fields().forEach(field -> (isOfCondition(field) ? ofConditions : fields)
                    .add(field));
            for (String transition : transitions(before, now)) {
                add(new TimelineEntry(at, What.CONDITION, key, transition, List.of(), who(ofConditions)));
            }
            if (!fields.isEmpty()) {
                add(new TimelineEntry(at, What.CHANGED, key, "", fields, who(fields)));
            }
        }

        /** Whether a change was seen when it happened, and is not what a list showed as observation began. */
        private boolean isObserved(ResourceType type, long at) {
            for (CoverageInterval interval : history.coverage(type, at, at)) {
                if (interval.observed() && interval.from() < at) {
                    return true;
                }
            }
            return false;
        }

        private static String who(List<FieldChange> fields) {
            return fields.stream()
                    .map(FieldChange::owner)
                    .filter(owner -> owner != null)
                    .map(owner -> owner.manager())
                    .distinct()
                    .reduce((one, other) -> one + ", " + other)
                    .orElse("");
        }

        /** {@code Ready: True -> False (ContainersNotReady)} of each condition whose status changed, or that is new. */
        private static List<String> transitions(JsonNode before, JsonNode now) {
            Map<String, String> old = new HashMap<>();
            for (JsonNode each : before.path("status").path("conditions")) {
                old.put(each.path("type").asText(), each.path("status").asText());
            }
            List<String> transitions = new ArrayList<>();
            for (JsonNode each : now.path("status").path("conditions")) {
                String type = each.path("type").asText();
                String status = each.path("status").asText();
                if (!status.equals(old.get(type))) {
                    String reason = each.path("reason").asText("");
                    transitions.add(type + ": " + (old.containsKey(type) ? old.get(type) + " -> " : "") + status
                            + (reason.isEmpty() ? "" : " (" + reason + ")"));
                }
            }
            return transitions;
        }

        private static boolean isOfCondition(FieldChange field) {
            List<FieldPath.Step> steps = field.path().steps();
            return steps.size() >= 2
                    && steps.get(0).equals(new FieldPath.Field("status"))
                    && steps.get(1).equals(new FieldPath.Field("conditions"));
        }

        /** Events about what is asked for. */
        void events(Map<String, ResourceType> kinds) throws IOException {
            history.changes(EVENTS, scope.namespace(), from, to, version -> {
                if (version.operation() == Operation.DELETED) {
                    return true;
                }
                JsonNode event = JSON.readTree(version.body());
                JsonNode about = event.path("involvedObject");
                String kind = about.path("kind").asText();
                ResourceType type = kinds.getOrDefault(kind, new ResourceType("", kind));
                ObjectKey key = new ObjectKey(
                        type,
                        about.path("namespace").asText(""),
                        about.path("name").asText());
                if (scope.contains(key)) {
                    long at = isObserved(EVENTS, version.observedAt())
                            ? version.observedAt()
                            : Math.min(version.observedAt(), lastSeen(event));
                    if (at <= from) {
                        return true;
                    }
                    String reporter = event.path("reportingComponent").asText("");
                    add(new TimelineEntry(
                            at,
                            What.EVENT,
                            key,
                            event.path("type").asText() + " "
                                    + event.path("reason").asText() + ": "
                                    + event.path("message").asText().strip(),
                            List.of(),
                            reporter.isEmpty()
                                    ? event.path("source").path("component").asText("")
                                    : reporter));
                }
                return true;
            });
        }

        /** When it last happened, as it says itself, ns; {@link Long#MAX_VALUE} if it does not. */
        private static long lastSeen(JsonNode event) {
            String series = event.path("series").path("lastObservedTime").asText("");
            String last =
                    event.path("lastTimestamp").asText(event.path("eventTime").asText(""));
            try {
                return Times.nanos(Instant.parse(series.isEmpty() ? last : series));
            } catch (DateTimeParseException e) {
                return Long.MAX_VALUE;
            }
        }

        /** Stretches in which the type was not observed, each at its beginning and with the reason of its own. */
        void gaps(ResourceType type) {
            long told = from;
            for (CoverageInterval interval : history.coverage(type, from, to)) {
                gap(type, told, interval.from(), NOBODY);
                told = Math.max(told, interval.from());
                if (!interval.observed()) {
                    gap(type, told, Math.min(interval.to(), to), interval.reason());
                }
                told = Math.max(told, interval.to());
            }
            gap(type, told, to, NOBODY);
        }

        private void gap(ResourceType type, long begin, long end, String reason) {
            boolean isStart = begin <= history.start() && reason.equals(NOBODY);
            boolean isPause = reason.equals(NOBODY) || reason.equals(CoverageMark.STOPPED);
            if (end - begin > (isPause ? STOPPING : 0) && !isStart) {
                gaps.computeIfAbsent(new Gap(begin, end, reason), _ -> new ArrayList<>())
                        .add(type);
            }
        }

        /** One entry for all types that were not observed for the same stretch and reason. */
        void tellGaps() {
            gaps.forEach((gap, types) -> add(new TimelineEntry(
                    gap.begin(),
                    What.GAP,
                    new ObjectKey(types.getFirst(), "", ""),
                    (types.size() == 1 ? "" : "and " + (types.size() - 1) + " more resources ")
                            + "not observed for " + lasting(gap.end() - gap.begin()) + ": "
                            + gap.reason(),
                    List.of(),
                    "")));
        }

        private static String lasting(long nanos) {
            Duration duration = Duration.ofNanos(nanos);
            return duration.toSeconds() > 0 ? duration.toSeconds() + " s" : Math.max(1, duration.toMillis()) + " ms";
        }
    }
}
