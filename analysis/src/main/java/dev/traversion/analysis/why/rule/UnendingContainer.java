/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.rule;

import com.fasterxml.jackson.databind.JsonNode;
import dev.traversion.analysis.why.kube.Pods;
import dev.traversion.analysis.why.past.Change;
import dev.traversion.analysis.why.past.Types;
import dev.traversion.analysis.why.past.Version;
import dev.traversion.analysis.why.past.World;
import dev.traversion.analysis.why.trouble.Trouble;
import dev.traversion.analysis.why.trouble.Trouble.What;
import dev.traversion.analysis.why.trouble.WorkloadTroubles;
import dev.traversion.archive.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A container that was put beside those of a Job, and does not end when they do. */
final class UnendingContainer extends TemplateRule {

    /** What a container runs. */
    private static final List<String> RUN = List.of("image", "command", "args");

    /** What has run for so long does not end by itself as an init container does, ns. */
    private static final long LONG = 5_000_000_000L;

    UnendingContainer() {
        super(
                "unending-container",
                "A container was added to what a Job runs, and its pod does not end. Proved if all others have ended, and Jobs without"
                        + " it came to their end. Or an init container has not the restartPolicy Always any more, with which others go"
                        + " on beside it. Proved if one of the same image, command and arguments ran beside them for longer before.",
                Set.of(What.JOB_UNFINISHED, What.INIT_UNFINISHED));
    }

    @Override
    Optional<Link> judge(World world, Trouble trouble, Templates.Field field) {
        if (trouble.what() == What.INIT_UNFINISHED) {
            return ofSidecar(world, trouble, field);
        }
        boolean isAdded = field.tail().isEmpty()
                && field.change().old() == null
                && field.change().operation() == Change.Operation.CHANGED;
        if (!field.isOf(trouble) || !isAdded) {
            return Optional.empty();
        }
        boolean proved = isLast(trouble) && ended(world, field.change());
        return Optional.of(Link.to(
                field.change(), proved ? Tier.A : Tier.B, proved ? 1 : 0.7, "the pod does not end as long as it runs"));
    }

    private static Optional<Link> ofSidecar(World world, Trouble trouble, Templates.Field field) {
        Change change = field.change();
        boolean wasSidecar = change.old() != null && change.old().asText().equals("Always") && change.now() == null;
        if (!field.isOf(trouble) || !field.tail().equals("restartPolicy") || !wasSidecar) {
            return Optional.empty();
        }
        boolean isProved = Fields.stands(world, change, trouble.about().created()) && ranBeside(world, trouble, change);
        return Optional.of(Link.to(
                change, isProved ? Tier.A : Tier.B, isProved ? 1 : 0.9, "others begin only after it has ended"));
    }

    /** Whether a pod that was made before a change was ready for a while with the same container running. */
    private static boolean ranBeside(World world, Trouble trouble, Change change) {
        String name = trouble.container();
        JsonNode its = Pods.container(trouble.about().get("spec"), name);
        for (ObjectKey key : WorkloadTroubles.family(world, Templates.maker(world, trouble.about()))) {
            List<Version> versions = key.type().equals(Types.PODS) ? world.versions(key) : List.<Version>of();
            for (int i = 0; i < versions.size(); i++) {
                Version pod = versions.get(i);
                long until = i + 1 < versions.size() ? versions.get(i + 1).at() : world.to();
                boolean isBefore = !pod.deleted() && pod.created() < change.at() && Pods.isReady(pod);
                boolean isSame = isBefore
                        && RUN.stream().allMatch(field -> Pods.container(pod.get("spec"), name)
                                .path(field)
                                .equals(its.path(field)));
                if (isSame && runs(pod, name, Math.min(until, trouble.from()))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether an init container had been running for long at a moment. */
    private static boolean runs(Version pod, String name, long until) {
        for (JsonNode status : pod.get("status", "initContainerStatuses")) {
            String started =
                    status.path("state").path("running").path("startedAt").asText("");
            if (status.path("name").asText().equals(name) && until - Version.time(started, until) >= LONG) {
                return true;
            }
        }
        return false;
    }

    /** Whether all other containers of a pod have ended well. */
    private static boolean isLast(Trouble trouble) {
        int others = 0;
        for (JsonNode status : trouble.about().get("status", "containerStatuses")) {
            if (!status.path("name").asText().equals(trouble.container())) {
                others++;
                JsonNode ended = status.path("state").path("terminated");
                if (ended.isMissingNode() || ended.path("exitCode").asInt() != 0) {
                    return false;
                }
            }
        }
        return others > 0;
    }

    /** Whether a Job of the same CronJob was done that had been made before a change. */
    private static boolean ended(World world, Change change) {
        Version maker = change.before();
        for (ObjectKey key : world.owned(Types.JOBS, maker.key().namespace(), maker.uid())) {
            for (Version job : world.versions(key)) {
                boolean isDone = !job.deleted()
                        && job.created() < change.at()
                        && Pods.condition(job, "Complete")
                                .path("status")
                                .asText()
                                .equals("True");
                if (isDone) {
                    return true;
                }
            }
        }
        return false;
    }
}
