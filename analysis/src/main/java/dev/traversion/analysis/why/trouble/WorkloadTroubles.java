/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.trouble;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Evidence;
import dev.traversion.analysis.why.past.Notice;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What was wrong with a workload: its own troubles and those of its pods. */
public final class WorkloadTroubles {

    static final List<ResourceType> MAKERS = List.of(
            Types.DEPLOYMENTS, Types.REPLICA_SETS, Types.STATEFUL_SETS, Types.DAEMON_SETS, Types.JOBS, Types.CRON_JOBS);

    private WorkloadTroubles() {}

    /** The object and all below it, of those types that make pods, and the pods. */
    public static Set<ObjectKey> family(World world, Version root) {
        return world.remember("family", root.key(), () -> find(world, root));
    }

    private static Set<ObjectKey> find(World world, Version root) {
        Set<String> uids = new LinkedHashSet<>();
        Set<ObjectKey> keys = new LinkedHashSet<>();
        world.versions(root.key()).forEach(version -> uids.add(version.uid()));
        keys.add(root.key());
        for (ResourceType type : List.of(Types.REPLICA_SETS, Types.JOBS, Types.PODS)) {
            for (String uid : List.copyOf(uids)) {
                for (ObjectKey key : world.owned(type, root.key().namespace(), uid)) {
                    world.versions(key).forEach(version -> uids.add(version.uid()));
                    keys.add(key);
                }
            }
        }
        return keys;
    }

    /** Troubles of a workload and its pods. */
    public static List<Trouble> of(World world, Version root) {
        List<Trouble> found = new ArrayList<>();
        long recovered = JobTroubles.recovered(world, family(world, root));
        for (ObjectKey key : family(world, root)) {
            if (key.type().equals(Types.PODS)) {
                for (Trouble trouble : PodTroubles.of(world, key)) {
                    if (JobTroubles.isOfDone(world, trouble.about())) {
                        // It was tried again, for as often as it may be, and came to its end.
                        continue;
                    }
                    boolean isOver = trouble.from() < recovered && JobTroubles.isOfJob(trouble.about());
                    found.add(isOver && trouble.lasts() ? trouble.until(recovered) : trouble);
                }
            } else {
                if (key.type().equals(Types.JOBS)) {
                    JobTroubles.failed(world, key, recovered).ifPresent(found::add);
                    world.last(key).ifPresent(job -> JobTroubles.unbegun(world, job, found));
                }
                world.last(key).ifPresent(maker -> refused(world, maker, found));
                world.last(key).ifPresent(maker -> unbegun(world, maker, found));
            }
        }
        JobTroubles.unfinished(world, root, found);
        JobTroubles.replaced(world, root, recovered, found);
        toZero(world, root, found);
        SwitchTroubles.add(world, root, found);
        HeldRollouts.add(world, root, family(world, root), found);
        return found;
    }

    private static void refused(World world, Version maker, List<Trouble> found) {
        List<Evidence> evidence = new ArrayList<>();
        Notice latest = null;
        long first = Long.MAX_VALUE;
        for (Notice notice : world.notices(maker.key(), maker.kind())) {
            if (notice.reason().equals("FailedCreate") && notice.first() <= world.to()) {
                latest = notice;
                first = Math.min(first, notice.first());
                evidence.add(notice.evidence());
            }
        }
        if (latest == null) {
            return;
        }
        boolean lacks = maker.key().type().equals(Types.REPLICA_SETS)
                ? maker.get("status", "replicas").asInt()
                        < maker.get("spec", "replicas").asInt(1)
                : true;
        found.add(new Trouble(
                What.CREATE_REFUSED,
                maker,
                "",
                latest.message(),
                first,
                lacks && !maker.deleted() ? Long.MAX_VALUE : latest.last(),
                evidence.subList(0, Math.min(3, evidence.size()))));
    }

    /** A Deployment of whose newest template not even a ReplicaSet could be made. */
    private static void unbegun(World world, Version maker, List<Trouble> found) {
        if (maker.deleted() || !maker.key().type().equals(Types.DEPLOYMENTS)) {
            return;
        }
        JsonNode progress = Pods.condition(maker, "Progressing");
        if (progress.path("reason").asText().equals("ReplicaSetCreateError")) {
            String text = progress.path("message").asText();
            long from = Version.time(progress.path("lastTransitionTime").asText(""), maker.at());
            found.add(new Trouble(
                    What.CREATE_REFUSED,
                    maker,
                    "",
                    text,
                    Math.max(from, world.from()),
                    Long.MAX_VALUE,
                    List.of(new Evidence(Evidence.Type.CONDITION, maker, from, text))));
        }
    }

    /** A workload that somebody told to have no pods. */
    static void toZero(World world, Version root, List<Trouble> found) {
        Version before = null;
        for (Version version : world.versions(root.key())) {
            JsonNode replicas = version.get("spec", "replicas");
            boolean isZero = replicas.isNumber() && replicas.asInt() == 0;
            if (before != null && isZero && before.get("spec", "replicas").asInt() > 0) {
                boolean lasts = world.last(root.key())
                        .filter(last -> last.get("spec", "replicas").asInt(1) == 0)
                        .isPresent();
                found.add(new Trouble(
                        What.SCALED_TO_ZERO,
                        version,
                        "",
                        "spec.replicas is 0",
                        version.at(),
                        lasts ? Long.MAX_VALUE : world.to(),
                        List.of(Evidence.version(version, "spec.replicas is 0"))));
            }
            before = version;
        }
    }

    /** Whether an object makes pods. */
    public static boolean isMaker(Version version) {
        return MAKERS.contains(version.key().type())
                || !Pods.template(version.body()).isMissingNode();
    }
}
