/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.Optional;

/** The API server itself: its APIs, its flow control, its storage and its components. */
final class ServerCells {

    private static final String FLOW_CONTROL = "flowcontrol.apiserver.k8s.io";

    private ServerCells() {}

    static void addTo(Kinds kinds, int minor) {
        kinds.add("apiregistration.k8s.io", "apiservices")
                .cell("Service", ServerCells::service)
                .cell("Available", ServerCells::available);
        kinds.add(FLOW_CONTROL, "flowschemas")
                .text("PriorityLevel", "spec.priorityLevelConfiguration.name")
                .number("MatchingPrecedence", "spec.matchingPrecedence")
                .text("DistinguisherMethod", "spec.distinguisherMethod.type", Selectors.NONE)
                .cell("MissingPL", (JsonNode schema) -> Conditions.first(
                                schema.path("status").path("conditions"), "Dangling")
                        .map(condition -> Field.text(condition, "status"))
                        .orElse("?"))
                .order(Comparator.comparingLong(Field.of("spec.matchingPrecedence")::number)
                        .thenComparing(schema -> Field.text(schema.path("metadata"), "name")));
        kinds.add(FLOW_CONTROL, "prioritylevelconfigurations")
                .text("Type", "spec.type")
                .cell("NominalConcurrencyShares", (JsonNode level) -> limit(limited(level), "nominalConcurrencyShares"))
                .cell("Queues", (JsonNode level) -> limit(queuing(level), "queues"))
                .cell("HandSize", (JsonNode level) -> limit(queuing(level), "handSize"))
                .cell("QueueLengthLimit", (JsonNode level) -> limit(queuing(level), "queueLengthLimit"));
        kinds.add("internal.apiserver.k8s.io", "storageversions")
                .text("CommonEncodingVersion", "status.commonEncodingVersion", "<unset>")
                .cell("StorageVersions", ServerCells::storageVersions);
        kinds.add("storagemigration.k8s.io", "storageversionmigrations")
                .cell(
                        "Resource",
                        (JsonNode migration) ->
                                migratedResource(migration.path("spec").path("resource"), minor))
                .cell("Status", ServerCells::migrationStatus);
        kinds.add("", "componentstatuses")
                .cell("Status", (JsonNode component) -> healthy(component)
                        .map(condition -> Conditions.isTrue(condition) ? "Healthy" : "Unhealthy")
                        .orElse("Unknown"))
                .cell("Message", (JsonNode component) -> healthy(component)
                        .map(condition -> Field.text(condition, "message"))
                        .orElse(""))
                .cell("Error", (JsonNode component) -> healthy(component)
                        .map(condition -> Field.text(condition, "error"))
                        .orElse(""));
    }

    private static String service(JsonNode apiService) {
        JsonNode service = apiService.path("spec").path("service");
        return service.isObject() ? Field.text(service, "namespace") + "/" + Field.text(service, "name") : "Local";
    }

    private static String available(JsonNode apiService) {
        Optional<JsonNode> condition =
                Conditions.first(apiService.path("status").path("conditions"), "Available");
        if (condition.isEmpty()) {
            return "Unknown";
        }
        String status = Field.text(condition.get(), "status");
        String reason = Field.text(condition.get(), "reason");
        return status.equals("True") || reason.isEmpty() ? status : status + " (" + reason + ")";
    }

    private static JsonNode limited(JsonNode level) {
        return level.path("spec").path("limited");
    }

    private static JsonNode queuing(JsonNode level) {
        return limited(level).path("limitResponse").path("queuing");
    }

    private static Object limit(JsonNode limits, String field) {
        return limits.isObject() ? (Object) limits.path(field).asLong(0) : Selectors.NONE;
    }

    private static String storageVersions(JsonNode object) {
        Shortened shown = new Shortened();
        for (JsonNode version : object.path("status").path("storageVersions")) {
            shown.add(Field.text(version, "apiServerID") + "=" + Field.text(version, "encodingVersion"));
        }
        return shown.text("<unset>");
    }

    /** Before 1.35 a migration was of a version of a resource. */
    private static String migratedResource(JsonNode reference, int minor) {
        String resource = Field.text(reference, "resource");
        String group = Field.text(reference, "group");
        if (minor < 35) {
            return resource + "." + Field.text(reference, "version") + "." + group;
        }
        return group.isEmpty() ? resource : resource + "." + group;
    }

    private static String migrationStatus(JsonNode migration) {
        String status = "Unknown";
        for (JsonNode condition : migration.path("status").path("conditions")) {
            String type = Field.text(condition, "type");
            if (Conditions.isTrue(condition)
                    && (type.equals("Running") || type.equals("Failed") || type.equals("Succeeded"))) {
                status = type;
            }
        }
        return status;
    }

    private static Optional<JsonNode> healthy(JsonNode component) {
        return Conditions.first(component.path("conditions"), "Healthy");
    }
}
