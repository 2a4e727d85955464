/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.operator.recording;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import java.util.List;
import java.util.stream.Stream;

/** Who the Pods of a recording are, what they may do, and who may reach and disturb them: a pure function of it. */
final class AccessObjects {

    private final Names names;
    private final String namespace;

    AccessObjects(Names names, String namespace) {
        this.names = names;
        this.namespace = namespace;
    }

    List<HasMetadata> all() {
        return List.of(
                account(Names.RECORDER),
                account(Names.REWIND),
                binding(Names.RECORDER),
                binding(Names.REWIND),
                budget(Names.RECORDER),
                budget(Names.REWIND),
                reachable(Names.RECORDER, "metrics"),
                reachable(Names.REWIND, "https", "metrics"));
    }

    /** Who the Pods of a component are. */
    HasMetadata account(String component) {
        return new ServiceAccountBuilder()
                .withMetadata(names.owned(names.of(component), component))
                .build();
    }

    /** The roles come with the operator, which may bind them and no others. */
    private ClusterRoleBinding binding(String component) {
        return new ClusterRoleBindingBuilder()
                .withMetadata(names.ownedInCluster(component))
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "traversion-" + component)
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(names.of(component))
                .withNamespace(namespace)
                .endSubject()
                .build();
    }

    /** One at a time; a node is drained all the same if there is only one. */
    private PodDisruptionBudget budget(String component) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(names.owned(names.of(component), component))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(names.selector(component))
                .endSelector()
                .endSpec()
                .build();
    }

    /**
     * In by these ports only. Where the API server and the bucket are is known to no selector, so the way out is open.
     */
    NetworkPolicy reachable(String component, String... ports) {
        return new NetworkPolicyBuilder()
                .withMetadata(names.owned(names.of(component), component))
                .withNewSpec()
                .withNewPodSelector()
                .withMatchLabels(names.selector(component))
                .endPodSelector()
                .withPolicyTypes("Ingress")
                .addNewIngress()
                .withPorts(Stream.of(ports)
                        .map(port -> new NetworkPolicyPortBuilder()
                                .withNewPort(port)
                                .withProtocol("TCP")
                                .build())
                        .toList())
                .endIngress()
                .endSpec()
                .build();
    }
}
