/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Jobs that were given up, and those after which all is well again. */
final class JobTroubles {

    private JobTroubles() {}

    /** When a Job of a family was last done, ns; 0 if none was. Failures before do not matter any more. */
    static long recovered(World world, Set<ObjectKey> family) {
        long latest = 0;
        for (ObjectKey key : family) {
            Version job = key.type().equals(Types.JOBS) ? shown(world, key).orElse(null) : null;
            JsonNode complete = job == null ? null : Pods.condition(job, "Complete");
            if (complete != null && complete.path("status").asText().equals("True")) {
                latest = Math.max(
                        latest, Version.time(complete.path("lastTransitionTime").asText(""), job.at()));
            }
        }
        return latest;
    }

    /** Whether a pod is that of a Job. */
    static boolean isOfJob(Version pod) {
        for (JsonNode owner : pod.get("metadata", "ownerReferences")) {
            if (owner.path("kind").asText().equals("Job")) {
                return true;
            }
        }
        return false;
    }

    /** That a Job was given up in the window. */
    static Optional<Trouble> failed(World world, ObjectKey key, long recovered) {
        Version job = shown(world, key).orElse(null);
        JsonNode failed = job == null ? null : Pods.condition(job, "Failed");
        if (failed == null || !failed.path("status").asText().equals("True")) {
            return Optional.empty();
        }
        long at = Version.time(failed.path("lastTransitionTime").asText(""), job.at());
        if (at < world.from()) {
            return Optional.empty();
        }
        String text =
                failed.path("reason").asText() + ": " + failed.path("message").asText();
        return Optional.of(new Trouble(
                What.JOB_FAILED,
                job,
                "",
                text,
                at,
                at < recovered ? recovered : Long.MAX_VALUE,
                List.of(new Evidence(Evidence.Type.CONDITION, job, at, text))));
    }

    /** As it was last. */
    private static Optional<Version> shown(World world, ObjectKey key) {
        return world.versions(key).reversed().stream()
                .filter(version -> !version.deleted())
                .findFirst();
    }
}
