/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingSpec;
import dev.traversion.operator.settings.Settings;
import dev.traversion.operator.store.StoreAccess;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.List;

/** The server of the past of a recording: a pure function of it. */
final class RewindObjects {

    static final int PORT = 8443;
    private static final String TLS = "/etc/traversion/tls";

    private final RecordingSpec spec;
    private final Names names;
    private final Settings settings;
    private final Inputs inputs;

    RewindObjects(Recording recording, Names names, Settings settings, Inputs inputs) {
        this.spec = recording.getSpec();
        this.names = names;
        this.settings = settings;
        this.inputs = inputs;
    }

    List<HasMetadata> all() {
        return List.of(service(), deployment());
    }

    private Service service() {
        return new ServiceBuilder()
                .withMetadata(names.owned(names.of(Names.REWIND), Names.REWIND))
                .withNewSpec()
                .withSelector(names.selector(Names.REWIND))
                .addNewPort()
                .withName("https")
                .withPort(443)
                .withTargetPort(new IntOrString("https"))
                .endPort()
                .endSpec()
                .build();
    }

    private Deployment deployment() {
        return new DeploymentBuilder()
                .withMetadata(names.owned(names.of(Names.REWIND), Names.REWIND))
                .withNewSpec()
                .withReplicas(spec.rewind().replicas())
                .withNewSelector()
                .withMatchLabels(names.selector(Names.REWIND))
                .endSelector()
                .withTemplate(template())
                .endSpec()
                .build();
    }

    private PodTemplateSpec template() {
        PodTemplateSpec template = new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(names.labels(Names.REWIND))
                .addToAnnotations(
                        "traversion.dev/credentials", inputs.annotations().get("traversion.dev/credentials"))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(names.of(Names.REWIND))
                .withSecurityContext(Pods.restricted())
                .addNewContainer()
                .withName(Names.REWIND)
                .withImage(settings.image())
                .withArgs(arguments())
                .withEnv(Pods.environment(spec.store().s3()))
                .addNewPort()
                .withName("https")
                .withContainerPort(PORT)
                .endPort()
                .addNewPort()
                .withName("metrics")
                .withContainerPort(RecorderObjects.METRICS)
                .endPort()
                .withNewReadinessProbe()
                .withHttpGet(https("/readyz"))
                .withPeriodSeconds(2)
                .endReadinessProbe()
                .withNewLivenessProbe()
                .withHttpGet(https("/livez"))
                .endLivenessProbe()
                // It may have much to read before it answers: five minutes.
                .withNewStartupProbe()
                .withHttpGet(https("/livez"))
                .withPeriodSeconds(2)
                .withFailureThreshold(150)
                .endStartupProbe()
                .withResources(Pods.resources(spec.rewind().resources()))
                .withSecurityContext(Pods.restrictedContainer())
                .withVolumeMounts(mounts())
                .endContainer()
                .withVolumes(volumes())
                .endSpec()
                .build();
        if (spec.store().volume() != null) {
            besideTheRecorder(template);
        }
        return template;
    }

    private List<String> arguments() {
        String host = names.of(Names.REWIND) + "." + settings.namespace();
        List<String> arguments = new ArrayList<>(
                List.of("serve-cluster", StoreAccess.location(spec.store()), "--port", Integer.toString(PORT)));
        arguments.addAll(
                List.of("--metrics-port", Integer.toString(RecorderObjects.METRICS), "--metrics-address", "0.0.0.0"));
        if (spec.rewind().tlsSecret() != null) {
            arguments.addAll(List.of("--tls", TLS));
        } else {
            arguments.addAll(List.of("--tls-name", host + ".svc", "--tls-name", host + ".svc.cluster.local"));
        }
        return arguments;
    }

    private static HTTPGetAction https(String path) {
        return new HTTPGetActionBuilder()
                .withPath(path)
                .withPort(new IntOrString("https"))
                .withScheme("HTTPS")
                .build();
    }

    /** A volume that one node mounts at a time is where the recorder is. */
    private void besideTheRecorder(PodTemplateSpec template) {
        template.getSpec()
                .setAffinity(new AffinityBuilder()
                        .withNewPodAffinity()
                        .addNewRequiredDuringSchedulingIgnoredDuringExecution()
                        .withTopologyKey("kubernetes.io/hostname")
                        .withNewLabelSelector()
                        .withMatchLabels(names.selector(Names.RECORDER))
                        .endLabelSelector()
                        .endRequiredDuringSchedulingIgnoredDuringExecution()
                        .endPodAffinity()
                        .build());
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts =
                new ArrayList<>(List.of(Pods.mount("state", Pods.STATE, false), Pods.mount("tmp", "/tmp", false)));
        mounts.addAll(Pods.storeMounts(spec.store().s3()));
        if (spec.rewind().tlsSecret() != null) {
            mounts.add(Pods.mount("tls", TLS, true));
        }
        if (spec.store().volume() != null) {
            // Not read-only: who read what is recorded there, too.
            mounts.add(Pods.mount("recording", StoreAccess.VOLUME, false));
        }
        return mounts;
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>(List.of(Pods.emptyDirectory("state"), Pods.emptyDirectory("tmp")));
        volumes.addAll(Pods.storeVolumes(spec.store().s3()));
        if (spec.rewind().tlsSecret() != null) {
            volumes.add(Pods.secret("tls", spec.rewind().tlsSecret()));
        }
        if (spec.store().volume() != null) {
            volumes.add(new VolumeBuilder()
                    .withName("recording")
                    .withNewPersistentVolumeClaim(names.volume(), null)
                    .build());
        }
        return volumes;
    }
}
