/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.LogVolume;
import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingSpec;
import dev.traversion.crds.Retention;
import dev.traversion.operator.settings.Settings;
import dev.traversion.operator.store.StoreAccess;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The recorders of a recording: a pure function of it. */
final class RecorderObjects {

    static final int METRICS = 9090;
    private static final String RULES = "/etc/traversion/rules";
    private static final String KEY = "/etc/traversion/key";

    private final RecordingSpec spec;
    private final Names names;
    private final Settings settings;
    private final Inputs inputs;

    RecorderObjects(Recording recording, Names names, Settings settings, Inputs inputs) {
        this.spec = recording.getSpec();
        this.names = names;
        this.settings = settings;
        this.inputs = inputs;
    }

    List<HasMetadata> all() {
        List<HasMetadata> all = new ArrayList<>(List.of(rules(), service()));
        if (spec.store().volume() != null) {
            all.add(volume());
        }
        all.add(statefulSet());
        return all;
    }

    private ConfigMap rules() {
        return new ConfigMapBuilder()
                .withMetadata(names.owned(names.rules(), Names.RECORDER))
                .withData(Map.of("rules.json", inputs.rules()))
                .build();
    }

    /** Headless: a StatefulSet needs one, and Prometheus finds the Pods by it. */
    private Service service() {
        return new ServiceBuilder()
                .withMetadata(names.owned(names.of(Names.RECORDER), Names.RECORDER))
                .withNewSpec()
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(names.selector(Names.RECORDER))
                .addNewPort()
                .withName("metrics")
                .withPort(METRICS)
                .withTargetPort(new IntOrString("metrics"))
                .endPort()
                .endSpec()
                .build();
    }

    /** It stays when the recording is deleted. */
    private PersistentVolumeClaim volume() {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(names.kept(names.volume(), Names.RECORDER))
                .withSpec(claim(
                        spec.store().volume().size(), spec.store().volume().storageClass()))
                .build();
    }

    private static PersistentVolumeClaimSpec claim(String size, String storageClass) {
        return new PersistentVolumeClaimSpecBuilder()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storageClass)
                .withNewResources()
                .addToRequests("storage", new Quantity(size))
                .endResources()
                .build();
    }

    private StatefulSet statefulSet() {
        StatefulSet set = new StatefulSetBuilder()
                .withMetadata(names.owned(names.of(Names.RECORDER), Names.RECORDER))
                .withNewSpec()
                .withReplicas(isPaused() ? 0 : spec.recorder().replicas())
                .withServiceName(names.of(Names.RECORDER))
                .withPodManagementPolicy("Parallel")
                .withNewSelector()
                .withMatchLabels(names.selector(Names.RECORDER))
                .endSelector()
                .withTemplate(template())
                .endSpec()
                .build();
        LogVolume log = spec.recorder().log();
        if (log != null) {
            set.getSpec()
                    .setVolumeClaimTemplates(List.of(new PersistentVolumeClaimBuilder()
                            .withNewMetadata()
                            .withName("state")
                            .endMetadata()
                            .withSpec(claim(log.size(), log.storageClass()))
                            .build()));
        }
        return set;
    }

    boolean isPaused() {
        return Boolean.TRUE.equals(spec.paused());
    }

    private PodTemplateSpec template() {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(names.labels(Names.RECORDER))
                .withAnnotations(inputs.annotations())
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(names.of(Names.RECORDER))
                .withSecurityContext(Pods.restricted())
                // What is in memory is synced within a fraction of a second; what follows is sealing.
                .withTerminationGracePeriodSeconds(60L)
                .addNewContainer()
                .withName(Names.RECORDER)
                .withImage(settings.image())
                .withArgs(arguments())
                .withEnv(Pods.environment(spec.store().s3()))
                .addNewPort()
                .withName("metrics")
                .withContainerPort(METRICS)
                .endPort()
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/-/ready")
                .withPort(new IntOrString("metrics"))
                .endHttpGet()
                // A rollout waits for each of them: until all that is there has been recorded.
                .withPeriodSeconds(2)
                .endReadinessProbe()
                .withResources(Pods.resources(spec.recorder().resources()))
                .withSecurityContext(Pods.restrictedContainer())
                .withVolumeMounts(mounts())
                .endContainer()
                .withVolumes(volumes())
                .endSpec()
                .build();
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("record", "--to", StoreAccess.location(spec.store())));
        if (spec.store().s3() != null) {
            arguments.add("--share");
        }
        arguments.addAll(List.of("--masking-key", KEY + "/masking.key", "--rules", RULES + "/rules.json"));
        arguments.addAll(List.of(
                "--metrics-port",
                Integer.toString(METRICS),
                "--metrics-address",
                "0.0.0.0",
                "--log-budget",
                spec.recorder().logBudget()));
        Retention retention = spec.retention();
        if (retention != null && retention.age() != null) {
            arguments.addAll(List.of("--keep", retention.age()));
        }
        if (retention != null && retention.size() != null) {
            arguments.addAll(List.of("--keep-size", retention.size()));
        }
        return arguments;
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>(List.of(
                Pods.mount("state", Pods.STATE, false),
                Pods.mount("tmp", "/tmp", false),
                Pods.mount("rules", RULES, true),
                Pods.mount("key", KEY, true)));
        mounts.addAll(Pods.storeMounts(spec.store().s3()));
        if (spec.store().volume() != null) {
            mounts.add(Pods.mount("recording", StoreAccess.VOLUME, false));
        }
        return mounts;
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        if (spec.recorder().log() == null) {
            volumes.add(Pods.emptyDirectory("state"));
        }
        volumes.add(Pods.emptyDirectory("tmp"));
        volumes.add(new VolumeBuilder()
                .withName("rules")
                .withNewConfigMap()
                .withName(names.rules())
                .endConfigMap()
                .build());
        volumes.add(Pods.secret("key", names.key()));
        volumes.addAll(Pods.storeVolumes(spec.store().s3()));
        if (spec.store().volume() != null) {
            volumes.add(new VolumeBuilder()
                    .withName("recording")
                    .withNewPersistentVolumeClaim(names.volume(), null)
                    .build());
        }
        return volumes;
    }
}
