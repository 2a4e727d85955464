/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Who may do what: role bindings and certificates. */
final class AccessCells {

    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String CERTIFICATES = "certificates.k8s.io";

    private AccessCells() {}

    static void addTo(Kinds kinds) {
        for (String resource : List.of("rolebindings", "clusterrolebindings")) {
            kinds.add(RBAC, resource)
                    .cell("Role", (JsonNode binding) -> {
                        JsonNode role = binding.path("roleRef");
                        return Field.text(role, "kind") + "/" + Field.text(role, "name");
                    })
                    .cell("Users", (JsonNode binding) -> subjects(binding, "User"))
                    .cell("Groups", (JsonNode binding) -> subjects(binding, "Group"))
                    .cell("ServiceAccounts", (JsonNode binding) -> subjects(binding, "ServiceAccount"));
        }
        kinds.add(CERTIFICATES, "certificatesigningrequests")
                .nonEmpty("SignerName", "spec.signerName", Selectors.NONE)
                .text("Requestor", "spec.username")
                .cell("RequestedDuration", AccessCells::requestedDuration)
                .cell("Condition", AccessCells::requestCondition);
        kinds.add(CERTIFICATES, "clustertrustbundles").nonEmpty("SignerName", "spec.signerName", Selectors.NONE);
        kinds.add(CERTIFICATES, "podcertificaterequests")
                .text("PodName", "spec.podName")
                .text("ServiceAccountName", "spec.serviceAccountName")
                .text("NodeName", "spec.nodeName")
                .text("SignerName", "spec.signerName")
                .cell("State", AccessCells::podRequestState)
                .labels("UnverifiedUserAnnotations", "spec.unverifiedUserAnnotations");
    }

    private static String subjects(JsonNode binding, String kind) {
        List<String> names = new ArrayList<>();
        for (JsonNode subject : binding.path("subjects")) {
            if (Field.text(subject, "kind").equals(kind)) {
                String name = Field.text(subject, "name");
                names.add(kind.equals("ServiceAccount") ? Field.text(subject, "namespace") + "/" + name : name);
            }
        }
        return String.join(", ", names);
    }

    private static String requestedDuration(JsonNode request) {
        JsonNode seconds = request.path("spec").path("expirationSeconds");
        return seconds.isNumber() ? Ages.human(Duration.ofSeconds(seconds.asLong())) : Selectors.NONE;
    }

    private static String requestCondition(JsonNode request) {
        JsonNode status = request.path("status");
        JsonNode conditions = status.path("conditions");
        String text = "Pending";
        if (Conditions.has(conditions, "Denied")) {
            text = "Denied";
        } else if (Conditions.has(conditions, "Approved")) {
            text = "Approved";
        }
        if (Conditions.has(conditions, "Failed")) {
            text += ",Failed";
        }
        return Field.text(status, "certificate").isEmpty() ? text : text + ",Issued";
    }

    private static String podRequestState(JsonNode request) {
        String state = "Pending";
        for (JsonNode condition : request.path("status").path("conditions")) {
            String type = Field.text(condition, "type");
            if (type.equals("Issued") || type.equals("Denied") || type.equals("Failed")) {
                state = type;
            }
        }
        return state;
    }
}
