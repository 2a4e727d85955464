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
import dev.traversion.archive.ResourceType;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Rollouts that do not come to their end though no pod of them fails. */
final class HeldRollouts {

    /** Those that count a pod only once it was ready for long enough. */
    private static final Set<ResourceType> COUNTING = Set.of(Types.DEPLOYMENTS, Types.STATEFUL_SETS, Types.DAEMON_SETS);

    /** So long what changes may take to be followed, ns. */
    private static final long PATIENCE = 8_000_000_000L;

    private HeldRollouts() {}

    static void add(World world, Version root, Set<ObjectKey> family, List<Trouble> found) {
        if (root.deleted()) {
            return;
        }
        if (root.key().type().equals(Types.STATEFUL_SETS)) {
            partitioned(world, root, found);
        } else if (root.key().type().equals(Types.DAEMON_SETS)) {
            nowhere(world, root, found);
            stale(world, root, found);
        }
        if (COUNTING.contains(root.key().type())) {
            unavailable(world, root, family, found);
        }
        untaken(world, root, found);
        boolean lacks = root.get("status", "readyReplicas").asInt()
                < root.get("spec", "replicas").asInt(1);
        if (lacks && !root.key().type().equals(Types.DAEMON_SETS)) {
            lingering(world, family, found);
        }
        if (found.stream().noneMatch(Trouble::lasts)) {
            lacking(world, root, found);
        }
    }

    /** What was asked for, and the controller has done nothing about: that it could not is told nowhere. */
    private static void untaken(World world, Version root, List<Trouble> found) {
        if (!isUntaken(root) || found.stream().anyMatch(Trouble::lasts)) {
            return;
        }
        Version since = since(world, root, version -> version.get("metadata", "generation"));
        if (world.to() - since.at() > 2 * PATIENCE) {
            found.add(trouble(What.ROLLOUT_HELD, root, "its controller has not taken up what was changed", since.at()));
        }
    }

    private static boolean isUntaken(Version root) {
        return root.get("status").has("observedGeneration")
                && root.get("status", "observedGeneration").asLong()
                        < root.get("metadata", "generation").asLong();
    }

    /** Whatever the reason: fewer pods are ready than are wanted, for long. */
    private static void lacking(World world, Version root, List<Trouble> found) {
        Version since = null;
        for (Version version : world.versions(root.key())) {
            since = version.deleted() || missing(version) <= 0 ? null : since == null ? version : since;
        }
        if (since != null && isAgain(world.to() - PATIENCE, found)) {
            return;
        }
        if (since != null && world.to() - since.at() > 2 * PATIENCE) {
            int count = missing(root);
            String text = count + (count == 1 ? " pod fewer is" : " pods fewer are") + " ready than are wanted";
            found.add(trouble(What.ROLLOUT_HELD, root, text, since.at()));
        }
    }

    /** Whether a pod was rejected, and removed, just now: the next one will be, too, and what is wrong with them lasts. */
    private static boolean isAgain(long since, List<Trouble> found) {
        List<Trouble> rejected = found.stream()
                .filter(trouble -> trouble.what() == What.START_FAILED
                        && trouble.container().isEmpty())
                .filter(trouble -> trouble.to() >= since)
                .toList();
        found.removeAll(rejected);
        rejected.forEach(trouble -> found.add(trouble.until(Long.MAX_VALUE)));
        return !rejected.isEmpty();
    }

    private static int missing(Version maker) {
        JsonNode status = maker.get("status");
        if (maker.key().type().equals(Types.DAEMON_SETS)) {
            return status.path("desiredNumberScheduled").asInt()
                    - status.path("numberReady").asInt();
        }
        boolean counts = Set.of(Types.DEPLOYMENTS, Types.STATEFUL_SETS)
                .contains(maker.key().type());
        int wanted = maker.get("spec", "replicas").asInt(1);
        return counts && status.has("observedGeneration")
                ? wanted - status.path("readyReplicas").asInt()
                : 0;
    }

    /** Pods that are to go for long, and that others wait for. */
    private static void lingering(World world, Set<ObjectKey> family, List<Trouble> found) {
        for (ObjectKey key : family) {
            Version pod = world.last(key).orElse(null);
            boolean isLeaving = key.type().equals(Types.PODS)
                    && pod != null
                    && !pod.deleted()
                    && pod.get("metadata").has("deletionTimestamp")
                    && pod.get("metadata", "finalizers").isEmpty();
            if (isLeaving && world.to() - asked(pod) > PATIENCE) {
                String text = "it was told to end, has "
                        + pod.get("metadata", "deletionGracePeriodSeconds").asLong() + " s for it, and is still there";
                found.add(trouble(What.TERMINATING, pod, text, asked(pod)));
            }
        }
    }

    /** When a pod was told to end, ns. */
    private static long asked(Version pod) {
        long due = Version.time(pod.get("metadata", "deletionTimestamp").asText(""), pod.at());
        return due - pod.get("metadata", "deletionGracePeriodSeconds").asLong() * 1_000_000_000L;
    }

    private static void partitioned(World world, Version set, List<Trouble> found) {
        JsonNode status = set.get("status");
        JsonNode strategy = set.get("spec", "updateStrategy");
        int wanted = set.get("spec", "replicas").asInt(1);
        int partition = strategy.path("rollingUpdate").path("partition").asInt();
        boolean byHand = strategy.path("type").asText().equals("OnDelete");
        if (byHand && found.stream().anyMatch(Trouble::lasts)) {
            return;
        }
        boolean isOld = !status.path("updateRevision").equals(status.path("currentRevision"));
        int updated = status.path("updatedReplicas").asInt();
        if (!isOld || updated >= wanted || !(byHand || updated >= Math.max(0, wanted - partition)) || wanted == 0) {
            return;
        }
        Version since = since(world, set, version -> version.get("status", "updateRevision"));
        if (world.to() - since.at() > PATIENCE && (byHand || partition > 0)) {
            String text = updated + " of " + wanted + " pods are of the newest template, "
                    + (byHand ? "others only once they are deleted" : "those below " + partition + " stay as they are");
            found.add(trouble(What.ROLLOUT_PARTITIONED, set, text, since.at()));
        }
    }

    /** A DaemonSet whose pods get its newest template only once somebody deletes them. */
    private static void stale(World world, Version set, List<Trouble> found) {
        boolean byHand = set.get("spec", "updateStrategy", "type").asText().equals("OnDelete");
        if (!byHand || found.stream().anyMatch(Trouble::lasts) || !isStale(set)) {
            return;
        }
        Version since = since(world, set, HeldRollouts::isStale);
        if (world.to() - since.at() > PATIENCE) {
            String text = set.get("status", "updatedNumberScheduled").asInt() + " of "
                    + set.get("status", "desiredNumberScheduled").asInt()
                    + " pods are of the newest template, others only once they are deleted";
            found.add(trouble(What.ROLLOUT_PARTITIONED, set, text, since.at()));
        }
    }

    private static boolean isStale(Version set) {
        JsonNode status = set.get("status");
        return status.path("observedGeneration").asLong()
                        >= set.get("metadata", "generation").asLong()
                && status.path("updatedNumberScheduled").asInt()
                        < status.path("desiredNumberScheduled").asInt();
    }

    private static void nowhere(World world, Version set, List<Trouble> found) {
        boolean isNowhere = set.get("status", "desiredNumberScheduled").asInt() == 0;
        boolean wasSomewhere = world.versions(set.key()).stream()
                .anyMatch(version ->
                        version.get("status", "desiredNumberScheduled").asInt() > 0);
        if (isNowhere && wasSomewhere) {
            Version since = since(world, set, version -> version.get("status", "desiredNumberScheduled"));
            found.add(trouble(What.FITS_NO_NODE, set, "it fits no node", since.at()));
        }
    }

    /** Ready, but not for long enough. */
    private static void unavailable(World world, Version maker, Set<ObjectKey> family, List<Trouble> found) {
        boolean isDaemon = maker.key().type().equals(Types.DAEMON_SETS);
        int least = maker.get("spec", "minReadySeconds").asInt();
        int ready =
                maker.get("status", isDaemon ? "numberReady" : "readyReplicas").asInt();
        int available = maker.get("status", isDaemon ? "numberAvailable" : "availableReplicas")
                .asInt();
        if (least == 0 || available >= ready) {
            return;
        }
        // What was ready for long counts no more either if it has to be for longer.
        long told = since(world, maker, version -> version.get("spec", "minReadySeconds"))
                .at();
        long since = Long.MAX_VALUE;
        for (ObjectKey key : family) {
            Version pod =
                    key.type().equals(Types.PODS) ? world.at(key, world.to()).orElse(null) : null;
            if (pod != null && Pods.isReady(pod)) {
                long from = Version.time(
                        Pods.condition(pod, "Ready").path("lastTransitionTime").asText(""), pod.at());
                boolean counts = world.to() - from >= least * 1_000_000_000L;
                since = counts ? since : Math.min(since, Math.max(told, from));
            }
        }
        if (since != Long.MAX_VALUE && world.to() - since > PATIENCE) {
            int count = ready - available;
            String text = count + (count == 1 ? " pod is ready, and does" : " pods are ready, and do")
                    + " not count before " + least + " s of it";
            found.add(trouble(What.READY_TOO_SHORT, maker, text, since));
        }
    }

    /** The first version of the last stretch in which a field was as it is last. */
    private static Version since(World world, Version last, Function<Version, ?> field) {
        Version since = last;
        for (Version version : world.versions(last.key()).reversed()) {
            if (version.deleted() || !field.apply(version).equals(field.apply(last))) {
                break;
            }
            since = version;
        }
        return since;
    }

    private static Trouble trouble(What what, Version about, String text, long from) {
        return new Trouble(what, about, "", text, from, Long.MAX_VALUE, List.of(Evidence.version(about, text)));
    }
}
