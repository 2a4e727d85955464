/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder: the manifests of an application that is well, and scenario.yaml, which says what goes wrong.
 *
 * @param folder where all of it is, absolute
 * @param needs extras the cluster must have; see {@link Extras}
 * @param alone whether what happens reaches beyond a namespace, so that nothing else may happen meanwhile
 * @param target what is asked about, such as {@code deployment/web}
 * @param setup done before the manifests are applied
 * @param ready done when all of them is well, before the fault
 * @param symptoms what shows that the fault has come to light; none if there is no fault
 * @param undo done at the end, whatever happened, where deleting the namespace is not enough
 * @param cause with {@code ${NAMESPACE}} for the namespace; none if there is no fault
 */
public record Scenario(
        String name,
        Path folder,
        String title,
        Set<String> needs,
        boolean alone,
        String target,
        List<String> manifests,
        List<Step> setup,
        List<Step> ready,
        List<Step> fault,
        List<Condition> symptoms,
        List<Step> undo,
        Optional<Cause> cause) {

    static final String NAMESPACE = "${NAMESPACE}";

    private static final String DESCRIPTION = "scenario.yaml";
    private static final List<String> KUSTOMIZATIONS =
            List.of("kustomization.yaml", "kustomization.yml", "Kustomization");
    private static final YAMLMapper YAML = new YAMLMapper();

    /** The scenarios in the folders below one, by name; or the one that a folder is. */
    public static List<Scenario> in(Path directory) throws IOException {
        List<Scenario> scenarios = new ArrayList<>();
        if (Files.exists(directory.resolve(DESCRIPTION))) {
            return List.of(read(directory));
        }
        try (Stream<Path> folders = Files.list(directory)) {
            for (Path folder : folders.sorted().toList()) {
                if (Files.exists(folder.resolve(DESCRIPTION))) {
                    scenarios.add(read(folder));
                }
            }
        }
        if (scenarios.isEmpty()) {
            throw new IllegalArgumentException(
                    directory + ": no scenario: none of the folders in it has a " + DESCRIPTION);
        }
        return scenarios;
    }

    /** @throws IllegalArgumentException if the description is wrong, with what is wrong about it */
    static Scenario read(Path folder) throws IOException {
        Path file = folder.resolve(DESCRIPTION);
        String where = file.toString();
        JsonNode node = tree(file);
        Fields.only(
                node, where, "title", "needs", "alone", "target", "setup", "ready", "fault", "symptom", "undo",
                "cause");
        List<Condition> symptoms = new ArrayList<>();
        for (JsonNode symptom : node.path("symptom")) {
            symptoms.add(Condition.of(symptom, where));
        }
        Set<String> needs = new LinkedHashSet<>();
        node.path("needs").forEach(need -> needs.add(need.asText()));
        if (symptoms.isEmpty() == node.has("cause")) {
            throw new IllegalArgumentException(where + ": a fault has both a symptom and a cause");
        }
        Scenario scenario = new Scenario(
                folder.toAbsolutePath().normalize().getFileName().toString(),
                folder.toAbsolutePath(),
                Fields.text(node, where, "title"),
                needs,
                node.path("alone").asBoolean(),
                Fields.text(node, where, "target"),
                manifests(folder, appliedLater(node)),
                steps(folder, node, where, "setup"),
                steps(folder, node, where, "ready"),
                steps(folder, node, where, "fault"),
                symptoms,
                steps(folder, node, where, "undo"),
                node.has("cause") ? Optional.of(cause(node.get("cause"), where)) : Optional.empty());
        boolean isEmpty = scenario.manifests().isEmpty() && scenario.setup().isEmpty();
        if (isEmpty && !scenario.isKustomized()) {
            throw new IllegalArgumentException(
                    folder
                            + ": no application: there is no manifest (*.yaml, *.yml, *.json), no kustomization.yaml and no 'setup'");
        }
        return scenario;
    }

    private static JsonNode tree(Path file) throws IOException {
        try {
            JsonNode node = YAML.readTree(Files.readString(file));
            if (node == null || !node.isObject()) {
                throw new IllegalArgumentException(
                        file + ": is no description of a scenario, which begins with 'title:'");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": is no YAML: " + e.getOriginalMessage(), e);
        }
    }

    private static Cause cause(JsonNode node, String where) {
        Fields.only(node, where + ", cause", "kind", "namespace", "name", "operation", "path", "manager");
        Cause cause = Cause.of(node);
        return new Cause(
                Fields.text(node, where, "kind"),
                node.has("namespace") ? cause.namespace() : NAMESPACE,
                Fields.text(node, where, "name"),
                cause.operation(),
                cause.path(),
                cause.manager());
    }

    private static List<Step> steps(Path folder, JsonNode node, String where, String field) throws IOException {
        if (node.has(field) && !node.get(field).isArray()) {
            throw new IllegalArgumentException(where + ": '" + field + "' must be a list of steps");
        }
        List<Step> steps = new ArrayList<>();
        for (JsonNode step : node.path(field)) {
            steps.add(Step.of(folder, step, where + ", " + field + " " + (steps.size() + 1)));
        }
        return steps;
    }

    /** The files that steps apply, which are not part of the application. */
    private static Set<String> appliedLater(JsonNode node) {
        Set<String> names = new LinkedHashSet<>();
        for (String field : List.of("setup", "ready", "fault", "undo")) {
            node.path(field).forEach(step -> names.add(step.path("apply").asText("")));
        }
        return names;
    }

    /** Whether the application is what "kubectl kustomize" makes of the folder. */
    boolean isKustomized() {
        return isKustomized(folder);
    }

    private static boolean isKustomized(Path folder) {
        return KUSTOMIZATIONS.stream().anyMatch(name -> Files.exists(folder.resolve(name)));
    }

    private static List<String> manifests(Path folder, Set<String> besides) throws IOException {
        List<String> manifests = new ArrayList<>();
        if (isKustomized(folder)) {
            return manifests;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (Step.isManifest(name) && !name.equals(DESCRIPTION) && !besides.contains(name)) {
                    manifests.add(Files.readString(file));
                }
            }
        }
        return manifests;
    }
}
