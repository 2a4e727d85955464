/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * What a team masks in its own namespace beyond what the cluster's Recordings mask, and whether its logs are recorded. It tightens, and
 * cannot loosen.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@Plural("recordingpolicies")
@ShortNames("recpol")
@Categories("traversion")
@AdditionalPrinterColumn(name = "Recording", jsonPath = ".spec.recording", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Accepted",
        jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Accepted\")].reason",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class RecordingPolicy extends CustomResource<RecordingPolicySpec, RecordingPolicyStatus>
        implements Namespaced {}
