/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Namespaces and what is kept in them: configuration, secrets, quotas. */
final class ConfigurationCells {

    private ConfigurationCells() {}

    static void addTo(Kinds kinds) {
        kinds.add("", "namespaces").text("Status", "status.phase");
        kinds.add("", "configmaps")
                .cell(
                        "Data",
                        (JsonNode object) -> (long) object.path("data").size()
                                + object.path("binaryData").size());
        kinds.add("", "secrets").text("Type", "type").size("Data", "data");
        kinds.add("", "serviceaccounts").size("Secrets", "secrets");
        kinds.add("", "resourcequotas")
                .cell("Request", (JsonNode quota) -> quota(quota, false))
                .cell("Limit", (JsonNode quota) -> quota(quota, true));
    }

    /** {@code cpu: 1/4, memory: 2Gi/8Gi}: used and hard. */
    private static String quota(JsonNode quota, boolean limits) {
        JsonNode used = quota.path("status").path("used");
        Map<String, String> hard = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry :
                quota.path("status").path("hard").properties()) {
            hard.put(entry.getKey(), entry.getValue().asText());
        }
        List<String> shown = new ArrayList<>();
        hard.forEach((resource, amount) -> {
            if (resource.startsWith("limits.") == limits) {
                shown.add(resource + ": " + used.path(resource).asText("0") + "/" + amount);
            }
        });
        return String.join(", ", shown);
    }
}
