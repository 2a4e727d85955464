/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What runs pods: replica sets, deployments, jobs and their like. */
final class WorkloadCells {

    private static final String TEMPLATE = "spec.template.spec.containers";
    private static final Field DEPLOYMENT_SELECTOR = Field.of("spec.selector");

    private WorkloadCells() {}

    static void addTo(Kinds kinds) {
        kinds.add("", "replicationcontrollers")
                .number("Desired", "spec.replicas")
                .number("Current", "status.replicas")
                .number("Ready", "status.readyReplicas")
                .containers(TEMPLATE)
                .labels("Selector", "spec.selector");
        kinds.add("apps", "replicasets")
                .number("Desired", "spec.replicas")
                .number("Current", "status.replicas")
                .number("Ready", "status.readyReplicas")
                .containers(TEMPLATE)
                .selector("Selector", "spec.selector");
        kinds.add("apps", "deployments")
                .cell("Ready", WorkloadCells::readyOfDesired)
                .number("Up-to-date", "status.updatedReplicas")
                .number("Available", "status.availableReplicas")
                .containers(TEMPLATE)
                .cell("Selector", (JsonNode object) -> Selectors.requirements(DEPLOYMENT_SELECTOR.in(object))
                        .orElse("<invalid>"));
        kinds.add("apps", "statefulsets")
                .cell("Ready", WorkloadCells::readyOfDesired)
                .containers(TEMPLATE);
        kinds.add("apps", "daemonsets")
                .number("Desired", "status.desiredNumberScheduled")
                .number("Current", "status.currentNumberScheduled")
                .number("Ready", "status.numberReady")
                .number("Up-to-date", "status.updatedNumberScheduled")
                .number("Available", "status.numberAvailable")
                .labels("Node Selector", "spec.template.spec.nodeSelector")
                .containers(TEMPLATE)
                .selector("Selector", "spec.selector");
        kinds.add("apps", "controllerrevisions")
                .cell("Controller", WorkloadCells::controller)
                .number("Revision", "revision");
        kinds.add("batch", "jobs")
                .cell("Status", WorkloadCells::jobStatus)
                .cell("Completions", WorkloadCells::completions)
                .cell("Duration", WorkloadCells::jobDuration)
                .containers(TEMPLATE)
                .selector("Selector", "spec.selector");
        kinds.add("batch", "cronjobs")
                .text("Schedule", "spec.schedule")
                .text("Timezone", "spec.timeZone", Selectors.NONE)
                .cell("Suspend", WorkloadCells::suspended)
                .size("Active", "status.active")
                .since("Last Schedule", "status.lastScheduleTime", Selectors.NONE)
                .containers("spec.jobTemplate.spec.template.spec.containers")
                .selector("Selector", "spec.jobTemplate.spec.selector");
        kinds.add("policy", "poddisruptionbudgets")
                .text("Min Available", "spec.minAvailable", "N/A")
                .text("Max Unavailable", "spec.maxUnavailable", "N/A")
                .number("Allowed Disruptions", "status.disruptionsAllowed");
    }

    private static String readyOfDesired(JsonNode object) {
        return object.path("status").path("readyReplicas").asLong(0) + "/"
                + object.path("spec").path("replicas").asLong(0);
    }

    /** {@code statefulset.apps/web}: the owner that controls the revision. */
    private static String controller(JsonNode revision) {
        for (JsonNode owner : revision.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean(false)) {
                String apiVersion = Field.text(owner, "apiVersion");
                int slash = apiVersion.indexOf('/');
                String kind = Field.text(owner, "kind") + (slash < 0 ? "" : "." + apiVersion.substring(0, slash));
                return Field.lower(kind) + "/" + Field.text(owner, "name");
            }
        }
        return Selectors.NONE;
    }

    private static String jobStatus(JsonNode job) {
        JsonNode conditions = job.path("status").path("conditions");
        if (Conditions.isTrue(conditions, "Complete")) {
            return "Complete";
        }
        if (Conditions.isTrue(conditions, "Failed")) {
            return "Failed";
        }
        if (Field.isSet(job.path("metadata"), "deletionTimestamp")) {
            return "Terminating";
        }
        if (Conditions.isTrue(conditions, "Suspended")) {
            return "Suspended";
        }
        if (Conditions.isTrue(conditions, "FailureTarget")) {
            return "FailureTarget";
        }
        return Conditions.isTrue(conditions, "SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
    }

    private static String completions(JsonNode job) {
        JsonNode spec = job.path("spec");
        long succeeded = job.path("status").path("succeeded").asLong(0);
        if (Field.isSet(spec, "completions")) {
            return succeeded + "/" + spec.path("completions").asLong();
        }
        long parallelism = spec.path("parallelism").asLong(0);
        return parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
    }

    private static String jobDuration(JsonNode job, Instant now) {
        Optional<Instant> start = Ages.time(job.path("status").path("startTime"));
        if (start.isEmpty()) {
            return "";
        }
        Instant end = Ages.time(job.path("status").path("completionTime")).orElse(now);
        return Ages.human(Duration.between(start.get(), end));
    }

    private static String suspended(JsonNode cronJob) {
        JsonNode spec = cronJob.path("spec");
        if (!Field.isSet(spec, "suspend")) {
            return "<unset>";
        }
        return spec.path("suspend").asBoolean() ? "True" : "False";
    }
}
