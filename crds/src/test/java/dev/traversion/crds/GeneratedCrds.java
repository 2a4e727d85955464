/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The CustomResourceDefinitions that the types say, by file name. */
final class GeneratedCrds {

    private static final String HEADER =
            "# Generated from the types in crds/ by ./traversion maven -pl crds test -Dcrds.write; do not edit.\n";

    private static final List<Class<? extends HasMetadata>> TYPES =
            List.of(Recording.class, RecordingPolicy.class, Snapshot.class);

    private GeneratedCrds() {}

    static Map<String, String> files() {
        Collected collected = new Collected();
        new CRDGenerator()
                .customResourceClasses(TYPES)
                .withParallelGenerationEnabled(false)
                .withMinQuotes(true)
                .withPostProcessor(new Corrections())
                .withOutput(collected)
                .generate();
        Map<String, String> files = new TreeMap<>();
        collected.texts.forEach((name, text) -> files.put(
                name.replace("-v1", "") + ".yaml",
                HEADER
                        + text.toString(StandardCharsets.UTF_8)
                                .replaceFirst("^# Generated.*\n", "")
                                .replaceFirst("^---\n", "")));
        return files;
    }

    static List<CustomResourceDefinition> definitions() {
        return files().values().stream()
                .map(text -> Serialization.unmarshal(text, CustomResourceDefinition.class))
                .toList();
    }

    private static final class Collected implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {

        private final Map<String, ByteArrayOutputStream> texts = new TreeMap<>();

        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return texts.computeIfAbsent(name, each -> new ByteArrayOutputStream());
        }

        @Override
        public URI crdURI(String name) {
            return URI.create("file:///" + name);
        }

        @Override
        public void close() {}
    }

    /** What the annotations cannot say, or the generator does not. */
    private static final class Corrections implements CRDPostProcessor {

        private static final long LONGEST_NAME = 253;
        private static final long LONGEST_TEXT = 1024;

        @Override
        public HasMetadata process(HasMetadata generated, String crdVersion) {
            CustomResourceDefinition definition = (CustomResourceDefinition) generated;
            CustomResourceDefinitionVersion version =
                    definition.getSpec().getVersions().getFirst();
            JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
            root.setRequired(List.of("spec"));
            correct(root.getProperties().get("spec"), LONGEST_TEXT);
            asMapByType(root.getProperties().get("status").getProperties().get("conditions"));
            version.setAdditionalPrinterColumns(asDeclared(definition, version.getAdditionalPrinterColumns()));
            return definition;
        }

        /**
         * A rule on a record's component is found twice, on its field and its accessor. Lengths bound what rules may cost, without which
         * the API server refuses them.
         */
        private static void correct(JSONSchemaProps schema, long longest) {
            if (schema.getXKubernetesValidations() != null) {
                schema.setXKubernetesValidations(
                        new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
            }
            if ("string".equals(schema.getType())
                    && schema.getMaxLength() == null
                    && schema.getEnum().isEmpty()) {
                schema.setMaxLength(longest);
            }
            if (schema.getItems() != null) {
                correct(schema.getItems().getSchema(), LONGEST_NAME);
            }
            if (schema.getProperties() != null) {
                schema.getProperties().values().forEach(property -> correct(property, LONGEST_TEXT));
            }
        }

        /** Several may write conditions, each its own. */
        private static void asMapByType(JSONSchemaProps conditions) {
            conditions.setXKubernetesListType("map");
            conditions.setXKubernetesListMapKeys(List.of("type"));
            conditions.getItems().getSchema().setRequired(List.of("lastTransitionTime", "reason", "status", "type"));
        }

        /** The generator sorts columns by their paths. */
        private static List<CustomResourceColumnDefinition> asDeclared(
                CustomResourceDefinition definition, List<CustomResourceColumnDefinition> columns) {
            Class<?> type = TYPES.stream()
                    .filter(each -> each.getSimpleName()
                            .equals(definition.getSpec().getNames().getKind()))
                    .findFirst()
                    .orElseThrow();
            List<String> names = Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class))
                    .map(AdditionalPrinterColumn::name)
                    .toList();
            return columns.stream()
                    .sorted(Comparator.comparingInt(column -> names.indexOf(column.getName())))
                    .toList();
        }
    }
}
