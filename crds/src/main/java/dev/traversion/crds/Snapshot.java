/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A moment of a recording, kept whatever its retention says. Cluster-scoped. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("tsnap")
@Categories("traversion")
@ValidationRule(
        value = "self.metadata.name.size() <= 80",
        message = "metadata.name must have at most 80 characters: the pin in the recording is named after it")
@AdditionalPrinterColumn(name = "Recording", jsonPath = ".spec.recording", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Time", jsonPath = ".status.time", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Completeness",
        jsonPath = ".status.completeness",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Objects", jsonPath = ".status.objects", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Hold", jsonPath = ".spec.hold", type = AdditionalPrinterColumn.Type.BOOLEAN)
@AdditionalPrinterColumn(
        name = "Expires",
        jsonPath = ".status.expires",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class Snapshot extends CustomResource<SnapshotSpec, SnapshotStatus> {}
