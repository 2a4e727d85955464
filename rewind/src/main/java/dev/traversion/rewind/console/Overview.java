/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.analysis.status.TypeStatus;
import dev.traversion.archive.CoverageInterval;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.History;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.landing.LandingTable;
import dev.traversion.rewind.access.Read;
import dev.traversion.rewind.cluster.ServedCluster;
import dev.traversion.rewind.discovery.Discovery;
import dev.traversion.rewind.discovery.ServedResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which recordings there are, what is in them, and what is not. */
final class Overview {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Recorders end and begin their streams one after another; that is no gap, ns. */
    private static final long STOPPING = 1_000_000_000L;

    /** Agents write a sample of the clock whatever they may record. */
    private static final Map<String, LandingTable> OF_NODES = new TreeMap<>(Map.of(
            "flows", LandingTable.FLOWS,
            "logs", LandingTable.LOGS,
            "processes", LandingTable.CLOCK,
            "usage", LandingTable.USAGE));

    private Overview() {}

    static ObjectNode clusters(Collection<ServedCluster> clusters) {
        ObjectNode answer = JSON.objectNode();
        ArrayNode list = answer.putArray("clusters");
        for (ServedCluster cluster : clusters) {
            cluster.follower().refresh();
            describe(cluster.history(), list.addObject());
        }
        return answer.put("now", System.currentTimeMillis());
    }

    private static ObjectNode describe(History history, ObjectNode target) {
        return target.put("id", history.clusterId())
                .put("name", history.clusterId())
                .put("start", Millis.observed(history.start()))
                .put("end", Millis.observed(history.end()))
                .put("live", history.live());
    }

    static void recording(Question question) throws IOException {
        ServedCluster cluster = question.cluster();
        long end = question.time("t");
        History history = cluster.history();
        Permitted permitted = question.permitted(history.types(end), false, history.start(), end);
        question.exchange().permit(new Read.Own("recording"));
        ObjectNode answer = describe(history, JSON.objectNode());
        answer.put("now", System.currentTimeMillis());
        answer.put("user", question.exchange().visitor().name());
        answer.put("serverVersion", cluster.gitVersion(end));
        List<ResourceType> types = permitted.history().types(end);
        answer.set("gaps", gaps(history, new TreeSet<>(types)));
        ArrayNode coverage = answer.putArray("coverage");
        for (TypeStatus status : TypeStatus.of(history, history.start())) {
            if (types.contains(status.type())) {
                coverage.addObject()
                        .put("resource", status.type().toString())
                        .put("state", status.state().name().toLowerCase(Locale.ROOT))
                        .put("confirmed", Math.max(0, Millis.observed(status.confirmed())))
                        .put("covered", status.covered())
                        .put("gaps", status.gaps())
                        .put("reason", status.reason());
            }
        }
        ObjectNode recorded = answer.putObject("recorded");
        recorded.putObject("versions").put("recorded", true);
        recorded.putObject("events").put("recorded", history.types(end).stream().anyMatch(type -> type.resource()
                .equals("events")));
        recorded.putObject("why").put("recorded", true);
        OF_NODES.forEach((what, table) -> recorded.set(
                what, cluster.hasRows(table) ? JSON.objectNode().put("recorded", true) : Unrecorded.of(what)));
        answer.set("hidden", permitted.hidden());
        Answers.json(question.exchange(), answer, false);
    }

    private record Gap(long from, long to, String reason) {}

    private static ArrayNode gaps(History history, Set<ResourceType> types) {
        Map<Gap, List<ResourceType>> gaps = new LinkedHashMap<>();
        for (ResourceType type : types) {
            long told = Long.MIN_VALUE;
            for (CoverageInterval interval : history.coverage(type, history.start(), history.end())) {
                if (told != Long.MIN_VALUE) {
                    gap(gaps, type, told, interval.from(), "nothing was recording");
                }
                told = Math.max(told, interval.from());
                if (!interval.observed()) {
                    gap(gaps, type, told, Math.min(interval.to(), history.end()), interval.reason());
                }
                told = Math.max(told, interval.to());
            }
        }
        ArrayNode list = JSON.arrayNode();
        gaps.forEach((gap, missing) -> {
            ObjectNode each = list.addObject()
                    .put("from", Millis.observed(gap.from()))
                    .put("to", Millis.observed(gap.to()))
                    .put("reason", gap.reason());
            ArrayNode names = each.putArray("resources");
            missing.forEach(type -> names.add(type.toString()));
            each.put("all", missing.size() == types.size());
        });
        return list;
    }

    /** Types are not observed from and to the same instant: what differs by less than a second is one gap. */
    private static void gap(Map<Gap, List<ResourceType>> gaps, ResourceType type, long from, long to, String reason) {
        boolean isPause = reason.equals(CoverageMark.STOPPED) || reason.equals("nothing was recording");
        if (to - from <= (isPause ? STOPPING : 0)) {
            return;
        }
        for (Map.Entry<Gap, List<ResourceType>> known : gaps.entrySet()) {
            Gap gap = known.getKey();
            if (gap.reason().equals(reason)
                    && Math.abs(gap.from() - from) <= STOPPING
                    && Math.abs(gap.to() - to) <= STOPPING) {
                known.getValue().add(type);
                return;
            }
        }
        gaps.put(new Gap(from, to, reason), new ArrayList<>(List.of(type)));
    }

    static void resources(Question question) throws IOException {
        long time = question.time("t");
        Permitted permitted = question.permitted(question.cluster().history().types(time), false, time, time);
        ObjectNode answer = JSON.objectNode();
        answer.put("t", Millis.observed(time));
        Kinds kinds = new Kinds(question.cluster(), time);
        ArrayNode resources = answer.putArray("resources");
        TreeMap<String, Integer> namespaces = new TreeMap<>();
        for (ResourceType type : permitted.history().types(time)) {
            if (type.group().equals("traversion.dev")) {
                continue;
            }
            int[] count = {0};
            permitted.history().list(type, question.text("namespace"), null, time, version -> {
                count[0]++;
                String namespace = version.key().namespace();
                namespaces.merge(
                        type.equals(new ResourceType("", "namespaces"))
                                ? version.key().name()
                                : namespace,
                        1,
                        Integer::sum);
                return true;
            });
            resources.add(kinds.describe(type).put("objects", count[0]));
        }
        namespaces.remove("");
        namespaces.keySet().forEach(answer.putArray("namespaces")::add);
        answer.set("hidden", permitted.hidden());
        Answers.json(question.exchange(), answer, question.isSettled(time));
    }

    /** The kinds of a moment. */
    static final class Kinds {
        private final Map<ResourceType, ObjectNode> described = new TreeMap<>();

        Kinds(ServedCluster cluster, long time) throws IOException {
            Discovery discovery = cluster.discovery().at(time);
            for (ServedResource resource : discovery.resources()) {
                described.putIfAbsent(
                        cluster.storedType(resource.type(), time),
                        kind(resource.type(), resource.version(), resource.kind(), resource.namespaced()));
            }
            for (boolean core : new boolean[] {true, false}) {
                discovery.aggregated(core).path("items").forEach(group -> names(group));
            }
        }

        private void names(JsonNode group) {
            for (JsonNode version : group.path("versions")) {
                for (JsonNode resource : version.path("resources")) {
                    ObjectNode kind = described.get(new ResourceType(
                            group.path("metadata").path("name").asText(""),
                            resource.path("resource").asText()));
                    if (kind != null) {
                        kind.set("shortNames", list(resource.path("shortNames")));
                        kind.set("categories", list(resource.path("categories")));
                    }
                }
            }
        }

        private static ArrayNode list(JsonNode given) {
            return given.isArray() ? (ArrayNode) given : JSON.arrayNode();
        }

        private static ObjectNode kind(ResourceType type, String version, String kind, boolean namespaced) {
            ObjectNode node = JSON.objectNode();
            node.put("resource", type.toString())
                    .put("group", type.group())
                    .put("name", type.resource())
                    .put("version", version)
                    .put("kind", kind)
                    .put("namespaced", namespaced);
            node.putArray("shortNames");
            node.putArray("categories");
            return node;
        }

        /** {@code resource, group, name, version, kind, namespaced, shortNames, categories}; as far as it is known. */
        ObjectNode describe(ResourceType type) {
            ObjectNode known = described.get(type);
            return known == null ? kind(type, "", type.resource(), true) : known.deepCopy();
        }

        String kind(ResourceType type) {
            return describe(type).path("kind").asText();
        }

        /** The type of a kind in a group; null if there is none. */
        ResourceType type(String group, String kind) {
            for (Map.Entry<ResourceType, ObjectNode> each : described.entrySet()) {
                if (each.getKey().group().equals(group)
                        && each.getValue().path("kind").asText().equals(kind)) {
                    return each.getKey();
                }
            }
            return null;
        }
    }
}
