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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Jobs that were given up, and those after which all is well again. */
public final class JobTroubles {

    /** Who begins Jobs, but for those that say that another one does. */
    private static final String USUAL = "kubernetes.io/job-controller";

    /** So long a controller may take to begin a Job, ns. */
    private static final long PATIENCE = 20_000_000_000L;

    /** A Job and the one that takes its place go and come within so long, ns. */
    private static final long REPLACED = 5_000_000_000L;

    private JobTroubles() {}

    /** Whether a pod of a workload came to its end before a moment. */
    public static boolean doneBefore(World world, Version maker, long moment) {
        long first = world.remember("first done", maker.key(), () -> WorkloadTroubles.family(world, maker).stream()
                .filter(key -> key.type().equals(Types.PODS))
                .flatMap(key -> world.versions(key).stream())
                .filter(pod -> pod.get("status", "phase").asText().equals("Succeeded"))
                .mapToLong(Version::at)
                .min()
                .orElse(Long.MAX_VALUE));
        return first < moment;
    }

    /** Whether the value of {@code managedBy} is that of another controller than the cluster's own. */
    public static boolean isForOther(JsonNode managedBy) {
        String name = managedBy == null ? "" : managedBy.asText("");
        return !name.isEmpty() && !name.equals(USUAL);
    }

    /** That a Job, which is not to wait, is left to another controller, and not begun. */
    static void unbegun(World world, Version job, List<Trouble> found) {
        if (!isLeftToOther(job)) {
            return;
        }
        Version since = null;
        for (Version version : world.versions(job.key())) {
            since = !isLeftToOther(version) ? null : since == null ? version : since;
        }
        // It may have been to wait before.
        boolean isNew = since.equals(world.versions(job.key()).getFirst());
        long from = isNew ? Math.max(since.created(), world.from()) : since.at();
        if (world.to() - from > PATIENCE) {
            String text = "nobody has begun it; it is left to "
                    + since.get("spec", "managedBy").asText();
            found.add(new Trouble(
                    What.HELD_BACK, since, "", text, from, Long.MAX_VALUE, List.of(Evidence.version(since, text))));
        }
    }

    private static boolean isLeftToOther(Version job) {
        return !job.deleted()
                && isForOther(job.get("spec", "managedBy"))
                && !job.get("spec", "suspend").asBoolean()
                && !job.get("metadata").has("deletionTimestamp")
                && !job.get("status").has("startTime")
                && job.get("status", "conditions").isEmpty();
    }

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

    /** Whether a pod is that of a Job that came to its end. */
    static boolean isOfDone(World world, Version pod) {
        for (JsonNode owner : pod.get("metadata", "ownerReferences")) {
            ObjectKey job = new ObjectKey(
                    Types.JOBS, pod.key().namespace(), owner.path("name").asText());
            boolean isDone = owner.path("kind").asText().equals("Job")
                    && shown(world, job)
                            .filter(each -> each.uid().equals(owner.path("uid").asText()))
                            .filter(JobTroubles::isDone)
                            .isPresent();
            if (isDone) {
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
        long at = job.told(failed.path("lastTransitionTime").asText(""));
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

    /** The containers for which the next run of a CronJob waits, since the last Job does not come to its end. */
    static void unfinished(World world, Version cron, List<Trouble> found) {
        List<Notice> notices = cron.key().type().equals(Types.CRON_JOBS)
                ? world.notices(cron.key(), cron.kind()).stream()
                        .filter(notice -> notice.reason().equals("JobAlreadyActive"))
                        .toList()
                : List.of();
        if (notices.isEmpty()) {
            return;
        }
        Notice notice = notices.getLast();
        Set<ObjectKey> jobs = world.owned(Types.JOBS, cron.key().namespace(), cron.uid());
        long usual = jobs.stream()
                .mapToLong(key -> shown(world, key).map(JobTroubles::took).orElse(0L))
                .max()
                .orElse(0);
        for (ObjectKey key : jobs) {
            Version job = world.at(key, world.to()).orElse(null);
            boolean isLate = job != null && job.created() <= notice.last() && world.to() - job.created() > 2 * usual;
            if (!isLate || isOver(job)) {
                continue;
            }
            long from = notice.first() >= job.created() ? notice.first() : notice.last();
            for (ObjectKey each : world.owned(Types.PODS, key.namespace(), job.uid())) {
                if (PodTroubles.of(world, each).stream().noneMatch(Trouble::lasts)) {
                    world.at(each, world.to()).ifPresent(pod -> running(pod, cron, notice, from, found));
                }
            }
        }
    }

    /** The containers of Jobs that a CronJob ended for the next one before they came to their end, if none has since. */
    static void replaced(World world, Version cron, long recovered, List<Trouble> found) {
        // Runs that are there to be replaced never were done, and nobody changed that.
        boolean wasOther = recovered > 0
                || world.changes(cron.key()).stream()
                        .anyMatch(change -> change.path().startsWith("spec."));
        if (!wasOther || !cron.get("spec", "concurrencyPolicy").asText().equals("Replace")) {
            return;
        }
        List<Version> jobs = world.owned(Types.JOBS, cron.key().namespace(), cron.uid()).stream()
                .flatMap(key -> shown(world, key).stream())
                .sorted(Comparator.comparingLong(Version::created))
                .toList();
        for (int i = 0; i + 1 < jobs.size(); i++) {
            Version job = jobs.get(i);
            long next = jobs.get(i + 1).created();
            boolean isReplaced = !isOver(job)
                    && world.last(job.key())
                            .filter(last -> last.deleted() && Math.abs(last.at() - next) < REPLACED)
                            .isPresent();
            if (isReplaced && next > recovered && next >= world.from()) {
                for (Trouble of : unended(world, job, next - REPLACED)) {
                    String text = of.text() + " before the next run of " + cron + ", which takes its place";
                    found.add(new Trouble(
                            What.JOB_UNFINISHED,
                            of.about(),
                            of.container(),
                            text,
                            next,
                            Long.MAX_VALUE,
                            List.of(new Evidence(Evidence.Type.VERSION, jobs.get(i + 1), next, text))));
                }
            }
        }
    }

    private static void running(Version pod, Version cron, Notice notice, long from, List<Trouble> found) {
        for (JsonNode status : pod.get("status", "containerStatuses")) {
            if (status.path("state").has("running")) {
                String name = status.path("name").asText();
                String text =
                        "container " + name + " runs and does not end, and no other Job of " + cron + " may begin";
                found.add(new Trouble(
                        What.JOB_UNFINISHED, pod, name, text, from, Long.MAX_VALUE, List.of(notice.evidence())));
            }
        }
    }

    /** The containers of a Job's pods that had not ended by a moment, at which they were no more waited for. */
    public static List<Trouble> unended(World world, Version job, long moment) {
        List<Trouble> found = new ArrayList<>();
        for (ObjectKey key : world.owned(Types.PODS, job.key().namespace(), job.uid())) {
            // Its pods are asked to go before a Job says that it has failed; those that had ended are not.
            world.versions(key).reversed().stream()
                    .filter(pod -> !pod.deleted()
                            && pod.at() <= moment
                            && !pod.get("metadata").has("deletionTimestamp"))
                    .findFirst()
                    .ifPresent(pod -> found.addAll(running(pod)));
        }
        return found;
    }

    private static List<Trouble> running(Version pod) {
        List<Trouble> found = new ArrayList<>();
        for (JsonNode status : pod.get("status", "containerStatuses")) {
            JsonNode running = status.path("state").path("running");
            if (!running.isMissingNode()) {
                String name = status.path("name").asText();
                found.add(ContainerTroubles.state(
                        What.JOB_UNFINISHED,
                        pod,
                        name,
                        "container " + name + " runs and does not end",
                        Version.time(running.path("startedAt").asText(""), pod.at())));
            }
        }
        return found;
    }

    /** How long a Job took that is done, ns; 0 of others. */
    public static long took(Version job) {
        long end = Version.time(job.get("status", "completionTime").asText(""), 0);
        return end == 0 ? 0 : Math.max(0, end - job.created());
    }

    /** Whether it came to its end. */
    public static boolean isDone(Version job) {
        return Pods.condition(job, "Complete").path("status").asText().equals("True");
    }

    static boolean isOver(Version job) {
        return isDone(job)
                || Pods.condition(job, "Failed").path("status").asText().equals("True");
    }

    /** As it was last. */
    private static Optional<Version> shown(World world, ObjectKey key) {
        return world.versions(key).reversed().stream()
                .filter(version -> !version.deleted())
                .findFirst();
    }
}
