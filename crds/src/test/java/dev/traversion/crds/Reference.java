/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.ValidationRule;
import java.util.List;
import java.util.Map;

/** The reference of the custom resources, as Markdown. */
final class Reference {

    private final StringBuilder text = new StringBuilder();

    private Reference() {}

    static String of(List<CustomResourceDefinition> definitions) {
        Reference reference = new Reference();
        reference.text.append("# Custom resources\n\n<!-- Generated from the types in crds/; do not edit. -->\n");
        definitions.forEach(reference::append);
        return reference.text.toString();
    }

    private void append(CustomResourceDefinition definition) {
        String kind = definition.getSpec().getNames().getKind();
        JSONSchemaProps root =
                definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        text.append("\n## ")
                .append(kind)
                .append("\n\n`")
                .append(Api.GROUP)
                .append('/')
                .append(Api.VERSION)
                .append("`, ")
                .append("Cluster".equals(definition.getSpec().getScope()) ? "cluster-scoped" : "in a namespace")
                .append(", `kubectl get ")
                .append(definition.getSpec().getNames().getShortNames().getFirst())
                .append("`.\n");
        for (String part : List.of("spec", "status")) {
            text.append("\n| Field | Type | Default | Meaning |\n|---|---|---|---|\n");
            fields(part, root.getProperties().get(part));
        }
    }

    private void fields(String path, JSONSchemaProps schema) {
        if (schema.getProperties() == null) {
            return;
        }
        for (Map.Entry<String, JSONSchemaProps> field : schema.getProperties().entrySet()) {
            String name = path + "." + field.getKey();
            JSONSchemaProps type = field.getValue();
            boolean isRequired =
                    schema.getRequired() != null && schema.getRequired().contains(field.getKey());
            text.append("| `")
                    .append(name)
                    .append("` | ")
                    .append(type(type))
                    .append(" | ")
                    .append(isRequired ? "*required*" : value(type))
                    .append(" | ")
                    .append(meaning(type))
                    .append(" |\n");
            if (!"conditions".equals(field.getKey())) {
                fields(name, type);
            }
        }
    }

    private static String type(JSONSchemaProps schema) {
        if ("array".equals(schema.getType())) {
            return "list of " + schema.getItems().getSchema().getType();
        }
        return schema.getType() == null ? "quantity" : schema.getType();
    }

    private static String value(JSONSchemaProps schema) {
        return schema.getDefault() == null
                        || (schema.getDefault().isContainerNode()
                                && schema.getDefault().isEmpty())
                ? ""
                : "`" + schema.getDefault() + "`";
    }

    private static String meaning(JSONSchemaProps schema) {
        StringBuilder meaning = new StringBuilder(schema.getDescription() == null ? "" : schema.getDescription());
        if (schema.getEnum() != null && !schema.getEnum().isEmpty()) {
            meaning.append(" One of ").append(schema.getEnum()).append('.');
        }
        if (schema.getXKubernetesValidations() != null) {
            for (ValidationRule rule : schema.getXKubernetesValidations()) {
                meaning.append(" *").append(rule.getMessage()).append(".*");
            }
        }
        return meaning.toString().replace("|", "\\|");
    }
}
