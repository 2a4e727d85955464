/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashSet;
import java.util.Set;

/** What a cluster has beyond Kubernetes itself, as far as scenarios need it. */
final class Extras {

    /** Any step that runs on the node. */
    static final String NODE = "node";

    static final String DNS = "dns";
    static final String METRICS = "metrics";

    /** A plugin that enforces NetworkPolicies. Nobody can see in the API whether there is one, so the user says so. */
    static final String NETWORK_POLICY = "networkpolicy";

    private static final String ENFORCING = "TRAVERSION_NETWORK_POLICY";

    private Extras() {}

    /** @param local whether this machine is the cluster's node */
    static Set<String> of(KubernetesClient client, boolean local) {
        Set<String> extras = new HashSet<>();
        if (local) {
            extras.add(NODE);
        }
        if (client.apps()
                        .deployments()
                        .inNamespace("kube-system")
                        .withName("coredns")
                        .get()
                != null) {
            extras.add(DNS);
        }
        if (client.getApiGroup("metrics.k8s.io") != null) {
            extras.add(METRICS);
        }
        if ("true".equals(System.getenv(ENFORCING))) {
            extras.add(NETWORK_POLICY);
        }
        return extras;
    }

    /** For the user who wonders why a scenario is skipped. */
    static String named(String extra) {
        return switch (extra) {
            case NODE -> "this machine as the cluster's node";
            case DNS -> "CoreDNS";
            case METRICS -> "metrics.k8s.io, which is served by metrics-server";
            case NETWORK_POLICY ->
                "a network plugin that enforces NetworkPolicies (" + ENFORCING + "=true says that there is one)";
            default ->
                throw new IllegalArgumentException(
                        "no such extra: " + extra + "; there are node, dns, metrics, networkpolicy");
        };
    }
}
