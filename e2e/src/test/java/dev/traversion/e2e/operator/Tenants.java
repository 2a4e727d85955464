/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.operator;

import dev.traversion.e2e.cluster.Kubectl;
import java.util.List;

/** Those who have a namespace one after the other, each with an account that may read what is in it, and what they should not see. */
final class Tenants implements AutoCloseable {

    private final Kubectl kubectl;
    private final String namespace;

    Tenants(Kubectl kubectl, String namespace) {
        this.kubectl = kubectl;
        this.namespace = namespace;
        // What people need to reach the server; what they may read is another matter.
        kubectl.apply("""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: %1$s}
            rules:
            - {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create]}
            - {apiGroups: [""], resources: [services, pods], verbs: [get, list]}
            - {apiGroups: [""], resources: [pods/portforward], verbs: [create]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: %1$s-passes}
            rules:
            - {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: %1$s-passes}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s-passes}
            subjects: [{kind: Group, name: "system:serviceaccounts", apiGroup: rbac.authorization.k8s.io}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: %1$s, namespace: traversion-system}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s}
            subjects: [{kind: Group, name: "system:serviceaccounts", apiGroup: rbac.authorization.k8s.io}]
            """.formatted(namespace));
    }

    void moveIn(String who) {
        kubectl.apply("""
            apiVersion: v1
            kind: Namespace
            metadata: {name: %1$s}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: tenant, namespace: %1$s}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: tenant, namespace: %1$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
            subjects: [{kind: ServiceAccount, name: tenant, namespace: %1$s}]
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: plan, namespace: %1$s}
            data: {owner: owned-by-%2$s}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: only-%2$s, namespace: %1$s}
            stringData: {password: owned-by-%2$s}
            """.formatted(namespace, who));
    }

    void moveOut() {
        kubectl.output("delete", "namespace", namespace, InstalledTraversion.TIMEOUT);
    }

    /** What the second tenant asks of the plugin, and may not see. */
    List<List<String>> beyond(String first, String second) {
        String stretch = first + ".." + second;
        return List.of(
                List.of("at", first, "get", "configmaps"),
                List.of("at", first, "get", "configmap", "plan", "-o", "yaml"),
                List.of("at", first, "get", "configmaps", "--watch", "--request-timeout=5s"),
                List.of("at", first, "get", "secrets"),
                List.of("at", first, "describe", "secret", "only-first"),
                List.of("at", second, "get", "secrets"),
                List.of("at", second, "get", "configmaps", "-A"),
                List.of("at", second, "get", "configmaps", "-n", "kube-system"),
                List.of("diff", stretch, "configmaps", "-n", namespace),
                List.of("diff", stretch, "-n", namespace),
                List.of("diff", stretch),
                List.of("timeline"));
    }

    /** What a neighbour asks of the plugin. */
    List<List<String>> all(String moment) {
        return List.of(
                List.of("at", moment, "get", "configmaps", "-n", namespace),
                List.of("at", moment, "get", "configmap", "plan", "-n", namespace),
                List.of("at", moment, "get", "configmaps", "-n", namespace, "--watch", "--request-timeout=5s"),
                List.of("at", moment, "get", "secrets", "-n", namespace),
                List.of("at", moment, "get", "configmaps", "-A"),
                List.of("at", moment, "get", "namespace", namespace),
                List.of("diff", moment + "..now", "configmaps", "-n", namespace),
                List.of("timeline", "configmaps", "-n", namespace, "--since", "10m"));
    }

    /** Gives the tenant what reaches all of the past. */
    void investigates() {
        kubectl.apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRole
                metadata: {name: %1$s-investigator}
                rules: [{apiGroups: [traversion.dev], resources: [moments], verbs: [get, list, watch]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: ClusterRoleBinding
                metadata: {name: %1$s-investigator}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %1$s-investigator}
                subjects: [{kind: ServiceAccount, name: tenant, namespace: %1$s}]
                """.formatted(namespace));
    }

    @Override
    public void close() {
        kubectl.run("delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
        kubectl.run("delete", "rolebinding", namespace, "-n", "traversion-system", "--ignore-not-found");
        kubectl.run(
                "delete",
                "clusterrole,clusterrolebinding",
                namespace,
                namespace + "-passes",
                namespace + "-investigator",
                "--ignore-not-found");
    }
}
