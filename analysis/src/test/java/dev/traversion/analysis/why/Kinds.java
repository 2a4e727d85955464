/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.archive.ResourceType;
import java.util.Map;

/** Kinds of types that tales tell of. */
final class Kinds {

    private static final Map<String, String> ALL = Map.ofEntries(
            Map.entry("apiservices", "APIService"),
            Map.entry("clusterrolebindings", "ClusterRoleBinding"),
            Map.entry("clusterroles", "ClusterRole"),
            Map.entry("configmaps", "ConfigMap"),
            Map.entry("cronjobs", "CronJob"),
            Map.entry("customresourcedefinitions", "CustomResourceDefinition"),
            Map.entry("daemonsets", "DaemonSet"),
            Map.entry("deployments", "Deployment"),
            Map.entry("endpoints", "Endpoints"),
            Map.entry("endpointslices", "EndpointSlice"),
            Map.entry("events", "Event"),
            Map.entry("horizontalpodautoscalers", "HorizontalPodAutoscaler"),
            Map.entry("httproutes", "HTTPRoute"),
            Map.entry("ingresses", "Ingress"),
            Map.entry("jobs", "Job"),
            Map.entry("leases", "Lease"),
            Map.entry("limitranges", "LimitRange"),
            Map.entry("mutatingadmissionpolicies", "MutatingAdmissionPolicy"),
            Map.entry("mutatingwebhookconfigurations", "MutatingWebhookConfiguration"),
            Map.entry("namespaces", "Namespace"),
            Map.entry("networkpolicies", "NetworkPolicy"),
            Map.entry("nodes", "Node"),
            Map.entry("persistentvolumeclaims", "PersistentVolumeClaim"),
            Map.entry("persistentvolumes", "PersistentVolume"),
            Map.entry("poddisruptionbudgets", "PodDisruptionBudget"),
            Map.entry("pods", "Pod"),
            Map.entry("priorityclasses", "PriorityClass"),
            Map.entry("referencegrants", "ReferenceGrant"),
            Map.entry("replicasets", "ReplicaSet"),
            Map.entry("resourcequotas", "ResourceQuota"),
            Map.entry("rolebindings", "RoleBinding"),
            Map.entry("roles", "Role"),
            Map.entry("runtimeclasses", "RuntimeClass"),
            Map.entry("secrets", "Secret"),
            Map.entry("serviceaccounts", "ServiceAccount"),
            Map.entry("services", "Service"),
            Map.entry("statefulsets", "StatefulSet"),
            Map.entry("storageclasses", "StorageClass"),
            Map.entry("validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding"),
            Map.entry("validatingadmissionpolicies", "ValidatingAdmissionPolicy"),
            Map.entry("validatingwebhookconfigurations", "ValidatingWebhookConfiguration"),
            Map.entry("widgets", "Widget"));

    private Kinds() {}

    static String of(ResourceType type) {
        return ALL.get(type.resource());
    }
}
