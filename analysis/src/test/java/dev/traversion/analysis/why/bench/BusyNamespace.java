/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.bench;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An hour of one namespace: workloads of twenty objects each (a Deployment, its ReplicaSet, Service, EndpointSlice and ConfigMap, twelve
 * pods and three Events), on 50 nodes. Pods change every twelve minutes. Two rollouts fail ten minutes before the end: that of
 * {@code app-7} asks an address without a Service, that of {@code app-9} for more memory than any node has.
 */
final class BusyNamespace {

    static final String CLUSTER = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";
    static final long START = 1_770_000_000L * 1_000_000_000L;
    static final long END = START + 3_600_000_000_000L;
    private static final long MINUTE = 60_000_000_000L;
    private static final int PODS = 12;
    private static final int NODES = 50;

    private record Told(long at, ObjectKey key, String kind, String body) {}

    private final List<Told> told = new ArrayList<>();
    private final long end;

    private BusyNamespace(long end) {
        this.end = end;
    }

    static ObjectKey key(String group, String resource, String namespace, String name) {
        return new ObjectKey(new ResourceType(group, resource), namespace, name);
    }

    /** Writes it, sealed into parts as a recorder would. */
    static void write(Store store, Path state, int objects) throws IOException, InterruptedException {
        BusyNamespace hour = new BusyNamespace(END);
        for (int node = 0; node < NODES; node++) {
            hour.node(node);
        }
        for (int workload = 0; workload < objects / 20; workload++) {
            hour.workload(workload);
        }
        hour.fail(7, "{\"name\":\"PEER\",\"value\":\"http://nobody:80\"}", "128Mi", true);
        hour.fail(9, "{\"name\":\"PEER\",\"value\":\"http://app-10:80\"}", "512Gi", false);
        hour.told.sort(Comparator.comparingLong(Told::at));
        try (RecordingWriter writer = RecordingWriter.open(store, CLUSTER, WriterOptions.of("bench", state))) {
            List<ResourceType> types =
                    hour.told.stream().map(each -> each.key().type()).distinct().toList();
            for (ResourceType type : types) {
                writer.mark(new CoverageMark(type, CoverageMark.Kind.OPENED, START, "1", ""));
            }
            int version = 1;
            for (Told each : hour.told) {
                version++;
                String body = each.body().replace("$VERSION", Integer.toString(version));
                writer.append(new Change(
                        each.key(),
                        each.kind(),
                        "u-" + each.key().name(),
                        Integer.toString(version),
                        each.at(),
                        Operation.MODIFIED,
                        body.getBytes(StandardCharsets.UTF_8)));
            }
            for (ResourceType type : types) {
                writer.mark(
                        new CoverageMark(type, CoverageMark.Kind.CONFIRMED, hour.end, Integer.toString(version), ""));
            }
        }
    }

    private void tell(long at, ObjectKey key, String kind, String metadata, String rest) {
        boolean isNew = key.name().contains("-b");
        String manager = kind.equals("Pod") || kind.equals("Node") ? "kubelet" : "kube-controller-manager";
        String body = "{\"kind\":\"" + kind + "\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + key.name()
                + "\",\"namespace\":\"" + key.namespace() + "\",\"uid\":\"u-" + key.name()
                + "\",\"resourceVersion\":\"$VERSION\",\"creationTimestamp\":\""
                + Times.instant(isNew ? at / 1_000_000_000L * 1_000_000_000L : START - MINUTE * 60)
                + "\"" + metadata
                + ",\"managedFields\":[{\"manager\":\"deploy-bot\",\"operation\":\"Update\",\"time\":\""
                + Times.instant(START - MINUTE * 60) + "\",\"fieldsV1\":{\"f:spec\":" + fields() + "}},{\"manager\":\""
                + manager + "\",\"operation\":\"Update\",\"time\":\"" + Times.instant(at)
                + "\",\"fieldsType\":\"FieldsV1\",\"subresource\":\"status\",\"fieldsV1\":{\"f:status\":" + fields()
                + "}}]}," + rest + "}";
        told.add(new Told(at, key, kind, body));
    }

    private static String fields() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 25; i++) {
            text.append(i == 0 ? "" : ",").append("\"f:member").append(i).append("\":{\".\":{},\"f:inner\":{}}");
        }
        return text.append('}').toString();
    }

    private void node(int node) {
        StringBuilder images = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            images.append(i == 0 ? "" : ",")
                    .append("{\"names\":[\"registry.example/library/image-")
                    .append(i)
                    .append(
                            "@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0\"],\"sizeBytes\":")
                    .append(i * 1_000_003)
                    .append('}');
        }
        for (int minute = 0; minute < 60; minute += 5) {
            tell(
                    START + minute * MINUTE + node,
                    key("", "nodes", "", "node-" + node),
                    "Node",
                    ",\"labels\":{\"kubernetes.io/hostname\":\"node-" + node + "\"}",
                    "\"spec\":{},\"status\":{\"allocatable\":{\"cpu\":\"64\",\"memory\":\"256Gi\",\"pods\":\"500\"},"
                            + "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\",\"lastHeartbeatTime\":\""
                            + Times.instant(START + minute * MINUTE) + "\"}],\"images\":[" + images + "]}");
        }
    }

    private void workload(int workload) {
        String name = "app-" + workload;
        String peer = "{\"name\":\"PEER\",\"value\":\"http://app-" + (workload + 1) + ":80\"}";
        for (int minute = 0; minute < 45; minute += 15) {
            deployment(START + minute * MINUTE + workload, name, container(peer, "128Mi"));
        }
        replicaSet(START + workload, name, "a", container(peer, "128Mi"));
        tell(
                START + workload,
                key("", "services", "shop", name),
                "Service",
                "",
                "\"spec\":{\"selector\":{\"app\":\"" + name
                        + "\"},\"clusterIP\":\"10.0." + workload / 250 + "." + workload % 250
                        + "\",\"ports\":[{\"port\":80,\"targetPort\":8080}]}");
        for (int minute = 0; minute < 60; minute += 20) {
            tell(
                    START + minute * MINUTE + workload,
                    key("", "configmaps", "shop", name),
                    "ConfigMap",
                    "",
                    "\"data\":{\"settings\":\"" + "line ".repeat(100) + minute + "\"}");
            tell(
                    START + minute * MINUTE + workload,
                    key("discovery.k8s.io", "endpointslices", "shop", name + "-x"),
                    "EndpointSlice",
                    ",\"labels\":{\"kubernetes.io/service-name\":\"" + name + "\"}",
                    "\"endpoints\":[{\"addresses\":[\"10.1.0.1\"],\"conditions\":{\"ready\":true}}]");
        }
        for (int pod = 0; pod < PODS; pod++) {
            for (int minute = 0; minute < 60; minute += 12) {
                pod(
                        START + minute * MINUTE + (long) workload * PODS + pod,
                        name,
                        "a",
                        pod,
                        container(peer, "128Mi"),
                        true,
                        "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"},{\"type\":"
                                + "\"PodScheduled\",\"status\":\"True\"}],\"podIP\":\"10.1.0." + pod
                                + "\",\"containerStatuses\":[{\"name\":\"main\",\"ready\":true,\"restartCount\":0,"
                                + "\"state\":{\"running\":{\"startedAt\":\"" + Times.instant(START - MINUTE * 59)
                                + "\"}}}]}");
            }
        }
        for (int event = 0; event < 3; event++) {
            String about = name + "-a-" + event;
            event(START + 20 * MINUTE + workload, about, "Normal", "Pulled", "Container image is there");
        }
    }

    private void fail(int workload, String peer, String memory, boolean isCrash) {
        String name = "app-" + workload;
        long at = START + 50 * MINUTE;
        deployment(at, name, container(peer, memory));
        replicaSet(at + 1, name, "b", container(peer, memory));
        String message = "0/50 nodes are available: 50 Insufficient memory.";
        String status = isCrash
                ? "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}],\"containerStatuses\":[{"
                        + "\"name\":\"main\",\"ready\":false,\"restartCount\":3,\"state\":{\"waiting\":{\"reason\":"
                        + "\"CrashLoopBackOff\"}},\"lastState\":{\"terminated\":{\"exitCode\":1,\"reason\":\"Error\","
                        + "\"finishedAt\":\"" + Times.instant(at + 10_000_000_000L) + "\"}}}]}"
                : "{\"phase\":\"Pending\",\"conditions\":[{\"type\":\"PodScheduled\",\"status\":\"False\",\"reason\":"
                        + "\"Unschedulable\",\"message\":\"" + message + "\",\"lastTransitionTime\":\""
                        + Times.instant(at + 2_000_000_000L) + "\"}]}";
        for (int pod = 0; pod < 3; pod++) {
            pod(at + 12_000_000_000L + pod, name, "b", pod, container(peer, memory), isCrash, status);
            event(at + 12_000_000_000L + pod, name + "-b-" + pod, "Warning", "BackOff", "Back-off restarting");
        }
    }

    private static String container(String variable, String memory) {
        return "{\"name\":\"main\",\"image\":\"registry.example/shop/service:1.4\",\"env\":[" + variable
                + ",{\"name\":\"COLOUR\",\"value\":\"red\"}],\"ports\":[{\"containerPort\":8080,\"protocol\":\"TCP\"}],"
                + "\"resources\":{\"requests\":{\"cpu\":\"100m\",\"memory\":\"" + memory
                + "\"}},\"readinessProbe\":{\"httpGet\":{\"path\":\"/ready\",\"port\":8080},\"periodSeconds\":5},"
                + "\"terminationMessagePath\":\"/dev/termination-log\",\"volumeMounts\":[{\"name\":\"token\","
                + "\"mountPath\":\"/var/run/secrets/kubernetes.io/serviceaccount\"}]}";
    }

    private void deployment(long at, String name, String container) {
        tell(
                at,
                key("apps", "deployments", "shop", name),
                "Deployment",
                "",
                "\"spec\":{\"replicas\":12,\"template\":" + template(name, "", container)
                        + "},\"status\":{\"replicas\":12,\"readyReplicas\":12,\"observedGeneration\":" + at + "}");
    }

    private static String template(String name, String hash, String container) {
        return "{\"metadata\":{\"labels\":{\"app\":\"" + name + "\"" + hash + "}},\"spec\":{\"containers\":["
                + container + "]}}";
    }

    private static String owner(String kind, String name) {
        return ",\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"" + kind + "\",\"name\":\"" + name
                + "\",\"uid\":\"u-" + name + "\",\"controller\":true}]";
    }

    private void replicaSet(long at, String name, String hash, String container) {
        tell(
                at,
                key("apps", "replicasets", "shop", name + "-" + hash),
                "ReplicaSet",
                owner("Deployment", name),
                "\"spec\":{\"replicas\":12,\"template\":"
                        + template(name, ",\"pod-template-hash\":\"" + hash + "\"", container)
                        + "},\"status\":{\"replicas\":12}");
    }

    private void pod(long at, String name, String hash, int pod, String container, boolean isBound, String status) {
        tell(
                at,
                key("", "pods", "shop", name + "-" + hash + "-" + pod),
                "Pod",
                ",\"labels\":{\"app\":\"" + name + "\",\"pod-template-hash\":\"" + hash + "\"}"
                        + owner("ReplicaSet", name + "-" + hash),
                "\"spec\":{\"containers\":[" + container + "]"
                        + (isBound ? ",\"nodeName\":\"node-" + (name.hashCode() & 0xffff) % NODES + "\"" : "")
                        + ",\"tolerations\":[{\"key\":\"node.kubernetes.io/not-ready\",\"operator\":\"Exists\",\"effect\":"
                        + "\"NoExecute\",\"tolerationSeconds\":300}]},\"status\":" + status);
    }

    private void event(long at, String pod, String type, String reason, String message) {
        String time = Times.instant(at).toString();
        tell(
                at,
                key("", "events", "shop", pod + ".17f" + Long.toHexString(at)),
                "Event",
                "",
                "\"type\":\"" + type + "\",\"reason\":\"" + reason + "\",\"message\":\"" + message
                        + "\",\"firstTimestamp\":\"" + time + "\",\"lastTimestamp\":\"" + time
                        + "\",\"involvedObject\":{\"kind\":\"Pod\",\"namespace\":\"shop\",\"name\":\"" + pod + "\"}");
    }
}
