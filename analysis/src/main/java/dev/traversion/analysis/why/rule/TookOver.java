/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.ServiceTroubles;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.archive.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** When the pods that were made of a changed template took the place of those before, against when somebody's probe failed. */
final class TookOver {

    private static final long SECOND = 1_000_000_000L;
    private static final long NEVER = Long.MAX_VALUE;

    private TookOver() {}

    /** Whether a probe that asks a Service had time to fail, and did not, after only the new pods answered. */
    static boolean isLate(World world, Trouble trouble, ObjectKey service, Change change) {
        long alone = alone(world, service, change.key(), change.at());
        long patience = patience(trouble);
        return alone != NEVER && patience > 0 && trouble.from() > alone + patience + Rule.SLACK;
    }

    /** Whether a probe began to fail just when the new pods came, and they are the only ones since. */
    static boolean isJustThen(World world, Trouble trouble, ObjectKey service, Change change) {
        return isJustThen(world, trouble, service, change.key(), change.at());
    }

    /** The same of the pods that a workload has made since a moment. */
    static boolean isJustThen(World world, Trouble trouble, ObjectKey service, ObjectKey maker, long since) {
        long alone = alone(world, service, maker, since);
        long patience = patience(trouble);
        return alone <= trouble.from() + Rule.SLACK
                && patience > 0
                && trouble.from() <= alone + patience + Rule.SLACK
                && Rule.precedes(since, trouble);
    }

    /** Since when only those of a workload's pods answer for a Service that were made since a moment. */
    private static long alone(World world, ObjectKey service, ObjectKey maker, long since) {
        return world.remember("took over at " + since + " from " + maker, service, () -> {
            long first = NEVER;
            long last = 0;
            for (ObjectKey key : ServiceTroubles.podsEver(world, service)) {
                for (List<Version> pod : namesakes(world, key)) {
                    Version made = pod.getFirst();
                    if (!world.root(made).key().equals(maker)) {
                        continue;
                    }
                    if (made.created() >= since - Rule.SLACK / 2) {
                        first = Math.min(first, ready(pod));
                    } else {
                        last = Math.max(last, ends(pod));
                    }
                }
            }
            return Math.max(first, last);
        });
    }

    /** The versions of a pod, and of each that was made later under its name, as a StatefulSet's are. */
    private static Collection<List<Version>> namesakes(World world, ObjectKey key) {
        Map<String, List<Version>> found = new LinkedHashMap<>();
        for (Version version : world.versions(key)) {
            found.computeIfAbsent(version.uid(), _ -> new ArrayList<>()).add(version);
        }
        return found.values();
    }

    private static long ready(List<Version> pod) {
        return pod.stream()
                .filter(version -> !version.deleted() && Pods.isReady(version))
                .mapToLong(Version::at)
                .findFirst()
                .orElse(NEVER);
    }

    private static long ends(List<Version> pod) {
        return pod.stream()
                .filter(version -> version.deleted() || version.get("metadata").has("deletionTimestamp"))
                .mapToLong(Version::at)
                .findFirst()
                .orElse(NEVER);
    }

    /** How long the probe that failed takes to tell, ns; 0 if none did. */
    private static long patience(Trouble trouble) {
        String name =
                switch (trouble.what()) {
                    case READINESS_FAILED -> "readinessProbe";
                    case LIVENESS_FAILED -> "livenessProbe";
                    case STARTUP_FAILED -> "startupProbe";
                    default -> "";
                };
        JsonNode probe =
                Pods.container(trouble.about().get("spec"), trouble.container()).path(name);
        return probe.isMissingNode()
                ? 0
                : SECOND
                        * (probe.path("periodSeconds").asLong(10)
                                        * probe.path("failureThreshold").asLong(3)
                                + probe.path("timeoutSeconds").asLong(1));
    }
}
