/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Priorities, groups of pods, and devices that pods claim. */
final class SchedulingCells {

    private static final String DEVICES = "resource.k8s.io";

    private SchedulingCells() {}

    static void addTo(Kinds kinds) {
        kinds.add("scheduling.k8s.io", "priorityclasses")
                .number("Value", "value")
                .bool("Global-Default", "globalDefault", false)
                .text("PreemptionPolicy", "preemptionPolicy");
        kinds.add("scheduling.k8s.io", "podgroups")
                .cell(
                        "Policy",
                        (JsonNode group) ->
                                Field.isSet(group.path("spec").path("schedulingPolicy"), "gang") ? "Gang" : "Basic")
                .cell("Workload", SchedulingCells::workload)
                .cell("Status", SchedulingCells::groupStatus);
        kinds.add(DEVICES, "resourceclaims").cell("State", SchedulingCells::claimState);
        kinds.add(DEVICES, "resourceslices")
                .text("Node", "spec.nodeName")
                .text("Driver", "spec.driver")
                .text("Pool", "spec.pool.name");
        kinds.add(DEVICES, "devicetaintrules")
                .text("Key", "spec.taint.key")
                .text("Value", "spec.taint.value")
                .text("Effect", "spec.taint.effect")
                .since("TimeAdded", "spec.taint.timeAdded", "");
        kinds.add(DEVICES, "resourcepoolstatusrequests")
                .text("Driver", "spec.driver")
                .cell("Total", (JsonNode request) -> devices(request, "totalDevices"))
                .cell("Available", (JsonNode request) -> devices(request, "availableDevices"))
                .cell("Allocated", (JsonNode request) -> devices(request, "allocatedDevices"))
                .cell("Unavailable", (JsonNode request) -> devices(request, "unavailableDevices"))
                .cell("Errors", SchedulingCells::poolErrors)
                .number("Pools", "status.poolCount")
                .cell("Status", SchedulingCells::poolStatus)
                .cell("Completed", (request, now) -> completion(request)
                        .map(condition -> Ages.since(condition.path("lastTransitionTime"), now))
                        .orElse(Selectors.NONE));
    }

    private static String workload(JsonNode group) {
        JsonNode template = group.path("spec").path("podGroupTemplateRef");
        return template.isObject() ? Field.text(template.path("workload"), "workloadName") : Selectors.NONE;
    }

    private static String groupStatus(JsonNode group) {
        JsonNode conditions = group.path("status").path("conditions");
        Optional<JsonNode> disruption = Conditions.last(conditions, "DisruptionTarget");
        if (disruption.isPresent()) {
            return Field.text(disruption.get(), "reason");
        }
        return Conditions.last(conditions, "PodGroupScheduled")
                .map(condition -> Conditions.isTrue(condition) ? "Scheduled" : "Unschedulable")
                .orElse("Pending");
    }

    private static String claimState(JsonNode claim) {
        boolean deleted = Field.isSet(claim.path("metadata"), "deletionTimestamp");
        JsonNode status = claim.path("status");
        if (!Field.isSet(status, "allocation")) {
            return deleted ? "deleted" : "pending";
        }
        return (deleted ? "deleted,allocated" : "allocated")
                + (status.path("reservedFor").isEmpty() ? "" : ",reserved");
    }

    /** The condition that ended the request: the first that says complete or failed. */
    private static Optional<JsonNode> end(JsonNode request) {
        for (JsonNode condition : request.path("status").path("conditions")) {
            String type = Field.text(condition, "type");
            if (Conditions.isTrue(condition) && (type.equals("Complete") || type.equals("Failed"))) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonNode> completion(JsonNode request) {
        return end(request).filter(condition -> Field.text(condition, "type").equals("Complete"));
    }

    private static boolean isCounted(JsonNode request) {
        boolean failed = end(request)
                .filter(condition -> Field.text(condition, "type").equals("Failed"))
                .isPresent();
        return Field.isSet(request, "status") && !failed;
    }

    private static String devices(JsonNode request, String field) {
        if (!isCounted(request)) {
            return "-";
        }
        long sum = 0;
        for (JsonNode pool : request.path("status").path("pools")) {
            sum += pool.path(field).asLong(0);
        }
        return Long.toString(sum);
    }

    private static String poolErrors(JsonNode request) {
        if (!isCounted(request)) {
            return "-";
        }
        int errors = 0;
        for (JsonNode pool : request.path("status").path("pools")) {
            if (Field.isSet(pool, "validationError")) {
                errors++;
            }
        }
        return Integer.toString(errors);
    }

    private static String poolStatus(JsonNode request) {
        String status =
                end(request).map(condition -> Field.text(condition, "type")).orElse("Pending");
        long pools = request.path("status").path("poolCount").asLong(0);
        int reported = request.path("status").path("pools").size();
        return status.equals("Complete") && pools > reported
                ? "Complete (" + reported + "/" + pools + " pools)"
                : status;
    }
}
