/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Volumes, claims, and the classes and drivers behind them. */
final class StorageCells {

    private static final String UNSET = "<unset>";
    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";
    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
    private static final String BETA_DEFAULT_CLASS = "storageclass.beta.kubernetes.io/is-default-class";

    private StorageCells() {}

    static void addTo(Kinds kinds) {
        kinds.add("", "persistentvolumes")
                .cell(
                        "Capacity",
                        (JsonNode volume) -> storage(volume.path("spec").path("capacity")))
                .cell(
                        "Access Modes",
                        (JsonNode volume) -> accessModes(volume.path("spec").path("accessModes")))
                .text("Reclaim Policy", "spec.persistentVolumeReclaimPolicy")
                .cell("Status", StorageCells::phase)
                .cell("Claim", StorageCells::claim)
                .cell("StorageClass", StorageCells::storageClass)
                .text("VolumeAttributesClass", "spec.volumeAttributesClassName", UNSET)
                .text("Reason", "status.reason")
                .text("VolumeMode", "spec.volumeMode", UNSET);
        kinds.add("", "persistentvolumeclaims")
                .cell("Status", StorageCells::phase)
                .text("Volume", "spec.volumeName")
                .cell(
                        "Capacity",
                        (JsonNode claim) ->
                                isBound(claim) ? storage(claim.path("status").path("capacity")) : "")
                .cell(
                        "Access Modes",
                        (JsonNode claim) -> isBound(claim)
                                ? accessModes(claim.path("status").path("accessModes"))
                                : "")
                .cell("StorageClass", StorageCells::storageClass)
                .text("VolumeAttributesClass", "spec.volumeAttributesClassName", UNSET)
                .text("VolumeMode", "spec.volumeMode", UNSET);
        kinds.add("storage.k8s.io", "storageclasses")
                .cell("Name", StorageCells::className)
                .text("Provisioner", "provisioner")
                .text("ReclaimPolicy", "reclaimPolicy", "Delete")
                .text("VolumeBindingMode", "volumeBindingMode", "Immediate")
                .bool("AllowVolumeExpansion", "allowVolumeExpansion", false);
        kinds.add("storage.k8s.io", "volumeattributesclasses").text("DriverName", "driverName");
        kinds.add("storage.k8s.io", "volumeattachments")
                .text("Attacher", "spec.attacher")
                .text("PV", "spec.source.persistentVolumeName")
                .text("Node", "spec.nodeName")
                .bool("Attached", "status.attached", false);
        kinds.add("storage.k8s.io", "csinodes").size("Drivers", "spec.drivers");
        kinds.add("storage.k8s.io", "csidrivers")
                .bool("AttachRequired", "spec.attachRequired", true)
                .bool("PodInfoOnMount", "spec.podInfoOnMount", false)
                .bool("StorageCapacity", "spec.storageCapacity", false)
                .cell("TokenRequests", StorageCells::tokenRequests)
                .bool("RequiresRepublish", "spec.requiresRepublish", false)
                .cell("Modes", StorageCells::modes);
    }

    private static String storage(JsonNode resources) {
        return resources.path("storage").asText("0");
    }

    private static String accessModes(JsonNode modes) {
        List<String> present = new ArrayList<>();
        modes.forEach(mode -> present.add(mode.asText()));
        List<String> shown = new ArrayList<>();
        if (present.contains("ReadWriteOnce")) {
            shown.add("RWO");
        }
        if (present.contains("ReadOnlyMany")) {
            shown.add("ROX");
        }
        if (present.contains("ReadWriteMany")) {
            shown.add("RWX");
        }
        if (present.contains("ReadWriteOncePod")) {
            shown.add("RWOP");
        }
        return String.join(",", shown);
    }

    private static String phase(JsonNode object) {
        return Field.isSet(object.path("metadata"), "deletionTimestamp")
                ? "Terminating"
                : Field.text(object.path("status"), "phase");
    }

    private static String claim(JsonNode volume) {
        JsonNode claim = volume.path("spec").path("claimRef");
        return claim.isObject() ? Field.text(claim, "namespace") + "/" + Field.text(claim, "name") : "";
    }

    private static String storageClass(JsonNode object) {
        JsonNode annotations = object.path("metadata").path("annotations");
        return Field.isSet(annotations, CLASS_ANNOTATION)
                ? Field.text(annotations, CLASS_ANNOTATION)
                : Field.text(object.path("spec"), "storageClassName");
    }

    private static boolean isBound(JsonNode claim) {
        return !Field.text(claim.path("spec"), "volumeName").isEmpty();
    }

    private static String className(JsonNode storageClass) {
        JsonNode metadata = storageClass.path("metadata");
        JsonNode annotations = metadata.path("annotations");
        boolean isDefault = Field.text(annotations, DEFAULT_CLASS).equals("true")
                || Field.text(annotations, BETA_DEFAULT_CLASS).equals("true");
        return Field.text(metadata, "name") + (isDefault ? " (default)" : "");
    }

    private static String tokenRequests(JsonNode driver) {
        JsonNode spec = driver.path("spec");
        if (!Field.isSet(spec, "tokenRequests")) {
            return UNSET;
        }
        List<String> audiences = new ArrayList<>();
        spec.path("tokenRequests").forEach(request -> audiences.add(Field.text(request, "audience")));
        return String.join(",", audiences);
    }

    private static String modes(JsonNode driver) {
        List<String> modes = new ArrayList<>();
        driver.path("spec").path("volumeLifecycleModes").forEach(mode -> modes.add(mode.asText()));
        String text = String.join(",", modes);
        return text.isEmpty() ? Selectors.NONE : text;
    }
}
