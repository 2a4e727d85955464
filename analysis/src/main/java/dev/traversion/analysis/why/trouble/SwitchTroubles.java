/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** That somebody wanted something to stop, or to be gone. */
final class SwitchTroubles {

    /** What controllers delete all the time. */
    private static final Set<ResourceType> MADE = Set.of(Types.PODS, Types.REPLICA_SETS, Types.JOBS, Types.SLICES);

    /** So long a deletion may take, ns. */
    private static final long PATIENCE = 10_000_000_000L;

    private SwitchTroubles() {}

    /** That a workload is suspended, paused or deleted. */
    static void add(World world, Version root, List<Trouble> found) {
        ResourceType type = root.key().type();
        if (root.deleted()) {
            gone(world, root, found);
        } else if (type.equals(Types.CRON_JOBS) || type.equals(Types.JOBS)) {
            since(world, root, SwitchTroubles::isSuspended, What.SUSPENDED, "it is suspended", found);
            if (type.equals(Types.JOBS) && !JobTroubles.isOver(root)) {
                String text = "it is told to run no pod at a time";
                since(world, root, SwitchTroubles::runsNone, What.SUSPENDED, text, found);
            }
        } else if (type.equals(Types.DEPLOYMENTS)) {
            JsonNode status = root.get("status");
            int wanted = root.get("spec", "replicas").asInt(1);
            int updated = status.path("updatedReplicas").asInt();
            if (updated < wanted) {
                String text =
                        "the rollout is paused: " + updated + " of " + wanted + " pods are of the newest template";
                since(
                        world,
                        root,
                        version -> version.get("spec", "paused").asBoolean(),
                        What.ROLLOUT_PAUSED,
                        text,
                        found);
            }
        }
    }

    private static boolean isSuspended(Version version) {
        return version.get("spec", "suspend").asBoolean();
    }

    private static boolean runsNone(Version job) {
        return job.get("spec", "parallelism").asInt(1) == 0;
    }

    private static void since(
            World world, Version root, Predicate<Version> isOff, What what, String text, List<Trouble> found) {
        Version since = null;
        for (Version version : world.versions(root.key())) {
            since = !isOff.test(version) ? null : since == null ? version : since;
        }
        if (since != null) {
            found.add(new Trouble(
                    what, since, "", text, since.at(), Long.MAX_VALUE, List.of(Evidence.version(since, text))));
        }
    }

    /** That an object, which no controller made, is gone, or cannot go. */
    static void going(World world, Version version, List<Trouble> found) {
        ObjectKey key = version.key();
        boolean isOwn = key.type().equals(Types.PODS) || key.type().equals(Types.SERVICES);
        if (isOwn) {
            return;
        }
        if (version.deleted()) {
            gone(world, version, found);
            return;
        }
        String deletion = version.get("metadata", "deletionTimestamp").asText("");
        long due = Version.time(deletion, version.at());
        if (!deletion.isEmpty() && world.to() - due > PATIENCE) {
            String text = "it is being deleted, and held by "
                    + (key.type().equals(Types.NAMESPACES)
                            ? remaining(version)
                            : "its finalizers: " + version.get("metadata", "finalizers"));
            found.add(new Trouble(
                    What.TERMINATING,
                    version,
                    "",
                    text,
                    due,
                    Long.MAX_VALUE,
                    List.of(Evidence.version(version, text))));
        }
    }

    private static String remaining(Version namespace) {
        StringBuilder text = new StringBuilder("what is in it");
        for (JsonNode condition : namespace.get("status", "conditions")) {
            String type = condition.path("type").asText();
            boolean isLeft = (type.endsWith("Remaining") || type.endsWith("DiscoveryFailure"))
                    && condition.path("status").asText().equals("True");
            if (isLeft) {
                text.append(": ").append(condition.path("message").asText());
            }
        }
        return text.toString();
    }

    private static void gone(World world, Version last, List<Trouble> found) {
        List<Version> versions = world.versions(last.key());
        boolean isKnown = found.stream().anyMatch(trouble -> trouble.what() == What.GONE);
        if (MADE.contains(last.key().type()) || versions.size() < 2 || isKnown) {
            return;
        }
        String text = "there is no " + last.kind() + " " + last.key().path() + " any more";
        found.add(new Trouble(
                What.GONE,
                versions.get(versions.size() - 2),
                "",
                text,
                last.at(),
                Long.MAX_VALUE,
                List.of(Evidence.version(last, text))));
    }
}
