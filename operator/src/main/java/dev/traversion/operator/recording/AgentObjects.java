/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import dev.traversion.crds.NodeEvents;
import dev.traversion.crds.NodesSpec;
import dev.traversion.crds.Recording;
import dev.traversion.crds.RecordingSpec;
import dev.traversion.crds.Resources;
import dev.traversion.operator.settings.Durations;
import dev.traversion.operator.settings.Settings;
import dev.traversion.operator.store.StoreAccess;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPGetActionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The agents on the nodes of a recording: a pure function of it. */
final class AgentObjects {

    static final int METRICS = 9090;
    private static final String CGROUPS = "/host/cgroup";
    private static final String POD_LOGS = "/var/log/pods";
    private static final String LOGS = "/etc/traversion/logs";
    private static final String KEY = "/etc/traversion/key";
    private static final Resources MODEST = new Resources(
            new TreeMap<>(Map.of("cpu", new Quantity("20m"), "memory", new Quantity("128Mi"))),
            new TreeMap<>(Map.of("memory", new Quantity("256Mi"))));

    private final RecordingSpec spec;
    private final NodesSpec nodes;
    private final Names names;
    private final Settings settings;
    private final Inputs inputs;
    private final String clusterId;

    /** @param clusterId the id of this cluster in recordings */
    AgentObjects(Recording recording, Names names, Settings settings, Inputs inputs, String clusterId) {
        this.spec = recording.getSpec();
        this.nodes = spec.nodes();
        this.names = names;
        this.settings = settings;
        this.inputs = inputs;
        this.clusterId = clusterId;
    }

    /** Those that are to be there. */
    List<HasMetadata> all() {
        if (nodes == null) {
            return List.of();
        }
        AccessObjects access = new AccessObjects(names, settings.namespace());
        List<HasMetadata> all =
                new ArrayList<>(List.of(access.account(Names.AGENT), access.reachable(Names.AGENT, "metrics")));
        if (masks()) {
            all.add(logs());
        }
        if (!Boolean.TRUE.equals(spec.paused())) {
            all.add(daemonSet());
        }
        return all;
    }

    private ConfigMap logs() {
        return new ConfigMapBuilder()
                .withMetadata(names.owned(names.logs(), Names.AGENT))
                .withData(Map.of("logs.json", inputs.logs()))
                .build();
    }

    private DaemonSet daemonSet() {
        return new DaemonSetBuilder()
                .withMetadata(names.owned(names.of(Names.AGENT), Names.AGENT))
                .withNewSpec()
                .withNewSelector()
                .withMatchLabels(names.selector(Names.AGENT))
                .endSelector()
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxUnavailable(new IntOrString("10%"))
                .endRollingUpdate()
                .endUpdateStrategy()
                .withTemplate(template())
                .endSpec()
                .build();
    }

    private PodTemplateSpec template() {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(names.labels(Names.AGENT))
                .withAnnotations(inputs.credentialsAnnotation())
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(names.of(Names.AGENT))
                // It asks the API server for nothing.
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withPriorityClassName(nodes.priorityClass())
                .withNodeSelector(nodes.nodeSelector())
                .withTolerations(tolerations())
                // The last file is uploaded.
                .withTerminationGracePeriodSeconds(40L)
                .withSecurityContext(new PodSecurityContextBuilder()
                        .withNewSeccompProfile()
                        .withType("RuntimeDefault")
                        .endSeccompProfile()
                        .build())
                .withContainers(new ContainerBuilder()
                        .withName(Names.AGENT)
                        .withImage(settings.agentImage())
                        .withArgs(arguments())
                        .withEnv(environment())
                        .addNewPort()
                        .withName("metrics")
                        .withContainerPort(METRICS)
                        .endPort()
                        .withNewReadinessProbe()
                        .withHttpGet(health())
                        .withPeriodSeconds(5)
                        .endReadinessProbe()
                        .withNewLivenessProbe()
                        .withHttpGet(health())
                        .withInitialDelaySeconds(60)
                        .withPeriodSeconds(30)
                        .withTimeoutSeconds(5)
                        .withFailureThreshold(5)
                        .endLivenessProbe()
                        .withResources(Pods.resources(nodes.resources() == null ? MODEST : nodes.resources()))
                        .withSecurityContext(mayLoadProbes())
                        .withVolumeMounts(mounts())
                        .build())
                .withVolumes(volumes())
                .endSpec()
                .build();
    }

    private List<Toleration> tolerations() {
        return nodes.tolerations() != null
                ? nodes.tolerations()
                : List.of(new TolerationBuilder().withOperator("Exists").build());
    }

    private static HTTPGetAction health() {
        return new HTTPGetActionBuilder()
                .withPath("/healthz")
                .withPort(new IntOrString("metrics"))
                .build();
    }

    /**
     * Root, since Kubernetes gives added capabilities to nobody else, but without any of root's powers except loading programs into the
     * kernel and reading there.
     */
    private static SecurityContext mayLoadProbes() {
        return new SecurityContextBuilder()
                .withRunAsUser(0L)
                .withRunAsGroup(0L)
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .withAdd("BPF", "PERFMON")
                .endCapabilities()
                .build();
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(
                List.of("--to", StoreAccess.location(spec.store()), "--cluster", clusterId, "--node", "$(NODE_NAME)"));
        arguments.addAll(List.of(
                "--spool",
                Pods.STATE + "/spool",
                "--spool-bytes",
                Long.toString(
                        Quantity.getAmountInBytes(new Quantity(nodes.spool())).longValueExact())));
        arguments.addAll(List.of("--cgroups", CGROUPS, "--events", events()));
        arguments.addAll(List.of(
                "--usage-seconds",
                Long.toString(Durations.parse(nodes.usageInterval()).toSeconds()),
                "--port",
                Integer.toString(METRICS)));
        if (spec.logs() != null) {
            arguments.addAll(List.of("--logs", LOGS + "/logs.json"));
        } else if (masks()) {
            arguments.addAll(List.of("--masking-rules", LOGS + "/logs.json"));
        }
        if (hasKey()) {
            arguments.addAll(List.of("--masking-key", KEY + "/masking.key"));
        }
        return arguments;
    }

    /** Whether it is to know what is secret. */
    private boolean masks() {
        return hasKey() || nodes.events().contains(NodeEvents.processes);
    }

    /** Whether what is secret has the same token as in objects. For directories alone no node need have the key. */
    private boolean hasKey() {
        return spec.logs() != null || nodes.events().contains(NodeEvents.arguments);
    }

    private String events() {
        return nodes.events().isEmpty()
                ? "none"
                : nodes.events().stream().distinct().map(Enum::name).collect(Collectors.joining(","));
    }

    private List<EnvVar> environment() {
        List<EnvVar> variables = new ArrayList<>(Pods.environment(
                spec.store().s3(),
                Objects.requireNonNullElse(
                        nodes.credentialsSecret(), spec.store().s3().credentialsSecret())));
        variables.add(new EnvVarBuilder()
                .withName("NODE_NAME")
                .withNewValueFrom()
                .withNewFieldRef(null, "spec.nodeName")
                .endValueFrom()
                .build());
        return variables;
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>(List.of(
                Pods.mount("state", Pods.STATE, false),
                Pods.mount("tmp", "/tmp", false),
                hostMount("cgroup", CGROUPS)));
        mounts.addAll(Pods.storeMounts(spec.store().s3()));
        if (spec.logs() != null) {
            mounts.add(hostMount("pod-logs", POD_LOGS));
        }
        if (masks()) {
            mounts.add(Pods.mount("logs", LOGS, true));
        }
        if (hasKey()) {
            mounts.add(Pods.mount("key", KEY, true));
        }
        return mounts;
    }

    private static VolumeMount hostMount(String name, String path) {
        return new VolumeMountBuilder()
                .withName(name)
                .withMountPath(path)
                .withReadOnly(true)
                .build();
    }

    private List<Volume> volumes() {
        // More than the agent's own bound: the kubelet would evict it.
        Quantity most = new Quantity(Long.toString(
                Quantity.getAmountInBytes(new Quantity(nodes.spool())).longValueExact() * 5 / 4));
        List<Volume> volumes = new ArrayList<>(List.of(
                Pods.emptyDirectory("state", most),
                Pods.emptyDirectory("tmp", new Quantity("64Mi")),
                host("cgroup", "/sys/fs/cgroup")));
        volumes.addAll(Pods.storeVolumes(spec.store().s3()));
        if (spec.logs() != null) {
            volumes.add(host("pod-logs", spec.logs().directory()));
        }
        if (masks()) {
            volumes.add(new VolumeBuilder()
                    .withName("logs")
                    .withNewConfigMap()
                    .withName(names.logs())
                    .endConfigMap()
                    .build());
        }
        if (hasKey()) {
            // With another key the same secret would have another token than in objects.
            volumes.add(Pods.secret("key", names.key()));
        }
        return volumes;
    }

    private static Volume host(String name, String path) {
        return new VolumeBuilder()
                .withName(name)
                .withNewHostPath(path, "Directory")
                .build();
    }
}
