/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.selector;

import dev.traversion.archive.ResourceType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields objects of a kind can be selected by. The API server has them in its code and publishes them nowhere but for custom
 * resources, so they are repeated here (pkg/registry and pkg/apis of Kubernetes 1.36).
 */
public final class SelectableFields {

    private static final String NOT_SUPPORTED = "field label not supported: %s";
    private static final Map<ResourceType, SelectableFields> BUILT_IN = builtIn();
    private static final SelectableFields METADATA_ONLY = new SelectableFields(
                    "\"%s\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
            .with(SelectableField.NAME, SelectableField.NAMESPACE);

    private final String unsupported;
    private final Map<String, SelectableField> fields = new LinkedHashMap<>();

    private SelectableFields(String unsupported) {
        this.unsupported = unsupported;
    }

    private SelectableFields with(SelectableField... added) {
        for (SelectableField field : added) {
            fields.put(field.name(), field);
        }
        return this;
    }

    private SelectableFields with(String... paths) {
        for (String path : paths) {
            fields.put(path, SelectableField.at(path));
        }
        return this;
    }

    /**
     * Those of a kind which is not a custom resource.
     *
     * @param stored the type under which the objects are stored: another one only for events, which two groups serve
     */
    public static SelectableFields of(ResourceType type, ResourceType stored) {
        if (type.resource().equals("events")
                && (type.group().isEmpty() || type.group().equals("events.k8s.io"))) {
            return events(type.group().isEmpty(), stored.group().isEmpty());
        }
        return BUILT_IN.getOrDefault(type, METADATA_ONLY);
    }

    /** @param jsonPaths the selectableFields of the version in its CustomResourceDefinition, such as {@code .spec.size} */
    public static SelectableFields ofCustomResource(boolean namespaced, List<String> jsonPaths) {
        SelectableFields fields = new SelectableFields(NOT_SUPPORTED).with(SelectableField.NAME);
        if (namespaced) {
            fields.with(SelectableField.NAMESPACE);
        }
        for (String path : jsonPaths) {
            fields.with(path.startsWith(".") ? path.substring(1) : path);
        }
        return fields;
    }

    SelectableField field(String name) {
        return Optional.ofNullable(fields.get(name))
                .orElseThrow(() -> new SelectorException(unsupported.formatted(name)));
    }

    private static Map<ResourceType, SelectableFields> builtIn() {
        Map<ResourceType, SelectableFields> all = new LinkedHashMap<>();
        all.put(
                new ResourceType("", "pods"),
                namespaced(NOT_SUPPORTED)
                        .with(
                                "spec.nodeName",
                                "spec.restartPolicy",
                                "spec.schedulerName",
                                "spec.serviceAccountName",
                                "status.phase",
                                "status.nominatedNodeName")
                        .with(
                                new SelectableField("spec.host", List.of("spec.nodeName"), ""),
                                new SelectableField("spec.hostNetwork", List.of("spec.hostNetwork"), "false"),
                                new SelectableField("status.podIP", List.of("status.podIPs[].ip", "status.podIP"), ""),
                                new SelectableField("status.podIPs", List.of(), "")));
        all.put(
                new ResourceType("", "nodes"),
                cluster(NOT_SUPPORTED)
                        .with(new SelectableField("spec.unschedulable", List.of("spec.unschedulable"), "false")));
        all.put(new ResourceType("", "namespaces"), cluster(NOT_SUPPORTED).with("status.phase"));
        all.put(new ResourceType("", "secrets"), namespaced(NOT_SUPPORTED).with("type"));
        all.put(new ResourceType("", "services"), namespaced(NOT_SUPPORTED).with("spec.clusterIP", "spec.type"));
        all.put(
                new ResourceType("", "replicationcontrollers"),
                namespaced(NOT_SUPPORTED).with(count("status.replicas", "status.replicas")));
        all.put(
                new ResourceType("batch", "jobs"),
                namespaced("field label \"%s\" not supported for Job")
                        .with(count("status.successful", "status.succeeded")));
        all.put(
                new ResourceType("certificates.k8s.io", "certificatesigningrequests"),
                cluster(NOT_SUPPORTED).with("spec.signerName"));
        all.put(
                new ResourceType("certificates.k8s.io", "clustertrustbundles"),
                cluster(NOT_SUPPORTED).with("spec.signerName"));
        all.put(
                new ResourceType("certificates.k8s.io", "podcertificaterequests"),
                cluster(NOT_SUPPORTED).with("spec.signerName", "spec.podName", "spec.nodeName"));
        all.put(
                new ResourceType("resource.k8s.io", "resourceslices"),
                cluster("field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: %s")
                        .with("spec.nodeName", "spec.driver"));
        return Map.copyOf(all);
    }

    /** The two groups that serve events name the fields differently, in selectors and in bodies. */
    private static SelectableFields events(boolean core, boolean storedAsCore) {
        SelectableFields fields = namespaced(NOT_SUPPORTED).with("reason", "type");
        String object = core ? "involvedObject." : "regarding.";
        String storedObject = storedAsCore ? "involvedObject." : "regarding.";
        for (String name : List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")) {
            fields.with(new SelectableField(object + name, List.of(storedObject + name), ""));
        }
        String controller = storedAsCore ? "reportingComponent" : "reportingController";
        String source = storedAsCore ? "source.component" : "deprecatedSource.component";
        fields.with(new SelectableField(core ? "reportingComponent" : "reportingController", List.of(controller), ""));
        if (core) {
            fields.with(new SelectableField("source", List.of(source, controller), ""));
        }
        return fields;
    }

    private static SelectableField count(String name, String path) {
        return new SelectableField(name, List.of(path), "0");
    }

    private static SelectableFields namespaced(String unsupported) {
        return new SelectableFields(unsupported).with(SelectableField.NAME, SelectableField.NAMESPACE);
    }

    private static SelectableFields cluster(String unsupported) {
        return new SelectableFields(unsupported).with(SelectableField.NAME);
    }
}
