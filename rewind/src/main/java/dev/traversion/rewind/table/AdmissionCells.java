/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Webhooks and admission policies. */
final class AdmissionCells {

    private static final String GROUP = "admissionregistration.k8s.io";
    private static final String UNSET = "<unset>";

    private AdmissionCells() {}

    static void addTo(Kinds kinds) {
        kinds.add(GROUP, "mutatingwebhookconfigurations").size("Webhooks", "webhooks");
        kinds.add(GROUP, "validatingwebhookconfigurations").size("Webhooks", "webhooks");
        kinds.add(GROUP, "validatingadmissionpolicies")
                .size("Validations", "spec.validations")
                .cell("ParamKind", AdmissionCells::paramKind);
        kinds.add(GROUP, "mutatingadmissionpolicies")
                .size("Mutations", "spec.mutations")
                .cell("ParamKind", AdmissionCells::paramKind);
        for (String resource : List.of("validatingadmissionpolicybindings", "mutatingadmissionpolicybindings")) {
            kinds.add(GROUP, resource).text("PolicyName", "spec.policyName").cell("ParamRef", AdmissionCells::paramRef);
        }
    }

    private static String paramKind(JsonNode policy) {
        JsonNode kind = policy.path("spec").path("paramKind");
        return kind.isObject() ? Field.text(kind, "apiVersion") + "/" + Field.text(kind, "kind") : UNSET;
    }

    private static String paramRef(JsonNode binding) {
        JsonNode reference = binding.path("spec").path("paramRef");
        String name = Field.text(reference, "name");
        if (!name.isEmpty()) {
            return Field.text(reference, "namespace", "*") + "/" + name;
        }
        return Field.isSet(reference, "selector") ? Selectors.struct(reference.path("selector")) : UNSET;
    }
}
