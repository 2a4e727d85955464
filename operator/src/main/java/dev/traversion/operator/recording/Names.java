/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.Recording;
import dev.traversion.operator.settings.Settings;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;
import java.util.TreeMap;

/** How that which is made for a recording is named and labelled. */
final class Names {

    static final String RECORDER = "recorder";
    static final String REWIND = "rewind";
    static final String AGENT = "agent";
    static final String INSTANCE = "app.kubernetes.io/instance";
    static final String COMPONENT = "app.kubernetes.io/component";
    static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    private final Recording recording;
    private final Settings settings;

    Names(Recording recording, Settings settings) {
        this.recording = recording;
        this.settings = settings;
    }

    /** @param component {@link #RECORDER}, {@link #REWIND} or {@link #AGENT} */
    String of(String component) {
        return name() + "-" + component;
    }

    String rules() {
        return name() + "-rules";
    }

    /** Which logs the agents record. */
    String logs() {
        return name() + "-logs";
    }

    /** The Secret with the key of the tokens. */
    String key() {
        String given = recording.getSpec().masking().keySecret();
        return given == null ? ownKey() : given;
    }

    /** The one that the operator makes. */
    String ownKey() {
        return name() + "-masking-key";
    }

    /** The claim of the volume. */
    String volume() {
        return name() + "-recording";
    }

    /** Of a cluster-scoped object; those of another operator in another namespace are others. */
    String inCluster(String component) {
        return "traversion-" + settings.namespace() + "-" + of(component);
    }

    private String name() {
        return recording.getMetadata().getName();
    }

    /** Sorted, as everything is, so that equal recordings give equal texts. */
    Map<String, String> selector(String component) {
        return new TreeMap<>(Map.of("app.kubernetes.io/name", "traversion", INSTANCE, name(), COMPONENT, component));
    }

    Map<String, String> labels(String component) {
        Map<String, String> labels = selector(component);
        labels.put(MANAGED_BY, Settings.FIELD_MANAGER);
        return labels;
    }

    /** Of what goes with the recording. */
    ObjectMeta owned(String name, String component) {
        return kept(name, component)
                .edit()
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion(recording.getApiVersion())
                        .withKind(recording.getKind())
                        .withName(name())
                        .withUid(recording.getMetadata().getUid())
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .build())
                .build();
    }

    /** Of what stays when the recording is deleted. */
    ObjectMeta kept(String name, String component) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(settings.namespace())
                .withLabels(labels(component))
                .build();
    }

    /** Of what is cluster-scoped. */
    ObjectMeta ownedInCluster(String component) {
        return owned(inCluster(component), component).edit().withNamespace(null).build();
    }
}
