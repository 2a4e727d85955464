/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pod on a node, as far as the scheduler looks at it.
 *
 * @param since when it was bound, ns
 * @param isOver whether it had ended by the end of the window
 * @param isLeaving whether it was asked to go by the end of the window
 * @param requests by resource, in whole units
 * @param ports those of the node that it takes
 * @param apart the terms by which it keeps others away
 */
record Placed(
        ObjectKey key,
        String node,
        long since,
        boolean isOver,
        boolean isLeaving,
        JsonNode labels,
        Map<String, Double> requests,
        Set<HostPort> ports,
        JsonNode apart) {

    private static final ObjectKey ALL = new ObjectKey(Types.PODS, "", "");

    /** The pods that took up room at a moment. */
    static List<Placed> at(World world, long time) {
        List<Placed> found = new ArrayList<>();
        for (Placed pod : ever(world)) {
            boolean runs = pod.since() <= time
                    && world.at(pod.key(), time)
                            .filter(version -> !pod.isOver() || !hasEnded(version))
                            .isPresent();
            if (runs) {
                found.add(pod);
            }
        }
        return found;
    }

    /** All that were on a node in the window. */
    static List<Placed> ever(World world) {
        return world.remember("placed", ALL, () -> read(world));
    }

    /** From the last version of each: nothing of it changes once it was bound. */
    private static List<Placed> read(World world) {
        List<Placed> found = new ArrayList<>();
        for (ObjectKey key : world.keys(Types.PODS, "")) {
            for (Version version : world.versions(key).reversed()) {
                if (!version.deleted()) {
                    JsonNode spec = version.get("spec");
                    String node = spec.path("nodeName").asText("");
                    if (!node.isEmpty()) {
                        found.add(new Placed(
                                key,
                                node,
                                bound(version),
                                hasEnded(version),
                                isLeaving(version),
                                Pods.labels(version),
                                requests(spec),
                                HostPort.of(spec),
                                Fit.apart(spec)));
                    }
                    break;
                }
            }
        }
        return found;
    }

    private static long bound(Version pod) {
        JsonNode condition = Pods.condition(pod, "PodScheduled");
        return Version.time(condition.path("lastTransitionTime").asText(""), pod.created());
    }

    private static boolean hasEnded(Version pod) {
        return List.of("Succeeded", "Failed")
                .contains(pod.get("status", "phase").asText());
    }

    private static boolean isLeaving(Version pod) {
        return pod.get("metadata").has("deletionTimestamp");
    }

    /** Whether it had not been asked to go at a moment. */
    boolean stays(World world, long time) {
        return !isLeaving || world.at(key, time).filter(Placed::isLeaving).isEmpty();
    }

    private static Map<String, Double> requests(JsonNode spec) {
        Map<String, Double> requests = new HashMap<>();
        for (JsonNode container : Pods.containers(spec)) {
            for (String list : List.of("requests", "limits")) {
                container
                        .path("resources")
                        .path(list)
                        .fieldNames()
                        .forEachRemaining(
                                resource -> requests.computeIfAbsent(resource, each -> Pods.request(spec, each)));
            }
        }
        return requests;
    }
}
