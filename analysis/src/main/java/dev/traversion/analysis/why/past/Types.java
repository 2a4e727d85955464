/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why.past;

import dev.traversion.archive.ResourceType;
import java.util.Locale;

/** The types of Kubernetes that rules look at. */
public final class Types {

    public static final ResourceType PODS = new ResourceType("", "pods");

    /** What containers of pods log: a subresource, which nobody may read who may only read pods. */
    public static final ResourceType LOGS = new ResourceType("", "pods/log");

    public static final ResourceType SERVICES = new ResourceType("", "services");
    public static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    public static final ResourceType SECRETS = new ResourceType("", "secrets");
    public static final ResourceType NODES = new ResourceType("", "nodes");
    public static final ResourceType NAMESPACES = new ResourceType("", "namespaces");
    public static final ResourceType EVENTS = new ResourceType("", "events");
    public static final ResourceType QUOTAS = new ResourceType("", "resourcequotas");
    public static final ResourceType LIMIT_RANGES = new ResourceType("", "limitranges");
    public static final ResourceType ACCOUNTS = new ResourceType("", "serviceaccounts");
    public static final ResourceType CLAIMS = new ResourceType("", "persistentvolumeclaims");
    public static final ResourceType DEPLOYMENTS = new ResourceType("apps", "deployments");
    public static final ResourceType REPLICA_SETS = new ResourceType("apps", "replicasets");
    public static final ResourceType STATEFUL_SETS = new ResourceType("apps", "statefulsets");
    public static final ResourceType DAEMON_SETS = new ResourceType("apps", "daemonsets");
    public static final ResourceType JOBS = new ResourceType("batch", "jobs");
    public static final ResourceType CRON_JOBS = new ResourceType("batch", "cronjobs");
    public static final ResourceType SLICES = new ResourceType("discovery.k8s.io", "endpointslices");
    public static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "leases");
    public static final ResourceType SCALERS = new ResourceType("autoscaling", "horizontalpodautoscalers");
    public static final ResourceType BUDGETS = new ResourceType("policy", "poddisruptionbudgets");
    public static final ResourceType POLICIES = new ResourceType("networking.k8s.io", "networkpolicies");
    public static final ResourceType CLASSES = new ResourceType("storage.k8s.io", "storageclasses");
    public static final ResourceType PRIORITIES = new ResourceType("scheduling.k8s.io", "priorityclasses");
    public static final ResourceType RUNTIMES = new ResourceType("node.k8s.io", "runtimeclasses");
    public static final ResourceType ROLES = new ResourceType("rbac.authorization.k8s.io", "roles");
    public static final ResourceType BINDINGS = new ResourceType("rbac.authorization.k8s.io", "rolebindings");
    public static final ResourceType CLUSTER_ROLES = new ResourceType("rbac.authorization.k8s.io", "clusterroles");
    public static final ResourceType CLUSTER_BINDINGS =
            new ResourceType("rbac.authorization.k8s.io", "clusterrolebindings");
    public static final ResourceType MUTATING =
            new ResourceType("admissionregistration.k8s.io", "mutatingwebhookconfigurations");
    public static final ResourceType VALIDATING =
            new ResourceType("admissionregistration.k8s.io", "validatingwebhookconfigurations");
    public static final ResourceType ADMISSION_POLICIES =
            new ResourceType("admissionregistration.k8s.io", "validatingadmissionpolicies");
    public static final ResourceType ADMISSION_BINDINGS =
            new ResourceType("admissionregistration.k8s.io", "validatingadmissionpolicybindings");

    public static final ResourceType MUTATING_POLICIES =
            new ResourceType("admissionregistration.k8s.io", "mutatingadmissionpolicies");
    public static final ResourceType MUTATING_BINDINGS =
            new ResourceType("admissionregistration.k8s.io", "mutatingadmissionpolicybindings");

    public static final ResourceType INGRESSES = new ResourceType("networking.k8s.io", "ingresses");
    public static final ResourceType VOLUMES = new ResourceType("", "persistentvolumes");
    public static final ResourceType ENDPOINTS = new ResourceType("", "endpoints");

    public static final ResourceType DEFINITIONS =
            new ResourceType("apiextensions.k8s.io", "customresourcedefinitions");
    public static final ResourceType API_SERVICES = new ResourceType("apiregistration.k8s.io", "apiservices");

    private Types() {}

    /** As Kubernetes serves its own types; of others only the group is known, unless an object says more. */
    public static String apiVersion(ResourceType type) {
        boolean isOwn = !type.group().contains(".") || type.group().endsWith(".k8s.io");
        return type.group().isEmpty() ? "v1" : type.group() + (isOwn ? type.equals(SCALERS) ? "/v2" : "/v1" : "");
    }

    /** The type of an object of a kind, as a reference names it. */
    public static ResourceType of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return new ResourceType(group, plural(kind.toLowerCase(Locale.ROOT)));
    }

    /** As Kubernetes and its tools name resources. */
    private static String plural(String kind) {
        if (kind.equals("endpoints")) {
            return kind;
        }
        if (kind.endsWith("s")) {
            return kind + "es";
        }
        boolean isY = kind.matches(".*[^aeiou]y");
        return isY ? kind.substring(0, kind.length() - 1) + "ies" : kind + "s";
    }
}
