/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Command.Completed;
import dev.traversion.e2e.cluster.Kubectl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Objects of every kind a cluster serves, some of them at work; those outside the namespace carry its name, and are removed at the end. */
final class KindObjects implements AutoCloseable {

    private static final List<String> MANIFESTS =
            List.of("storage", "access", "control", "network", "workloads", "custom");

    private final Kubectl kubectl;
    private final String namespace;
    private final String node;

    private KindObjects(Kubectl kubectl, String namespace) {
        this.kubectl = kubectl.with("--namespace", namespace);
        this.namespace = namespace;
        this.node = kubectl.output("get", "nodes", "-o", "jsonpath={.items[0].metadata.name}");
    }

    /** Makes only the definitions of the custom resources. */
    static KindObjects define(Kubectl kubectl, String namespace) throws IOException {
        KindObjects objects = new KindObjects(kubectl, namespace);
        objects.run(objects.manifest("definitions"), "apply", "-f", "-");
        kubectl.awaitEstablished("crd/kites.text.test", "crd/skies.text.test");
        return objects;
    }

    /** Makes the others, and waits until what runs has run. */
    void create() throws IOException {
        for (String name : MANIFESTS) {
            run(manifest(name), "create", "-f", "-");
        }
        kubectl.output("certificate", "approve", namespace);
        kubectl.output("rollout", "status", "deployment/web", "--timeout=120s");
        kubectl.output("set", "image", "deployment/web", "web=" + Cluster.ACTOR.replace(":1", ":2"));
        kubectl.output("annotate", "deployment/web", "kubernetes.io/change-cause=second", "--overwrite");
        for (String workload : List.of("deployment/web", "statefulset/state", "daemonset/every")) {
            kubectl.output("rollout", "status", workload, "--timeout=120s");
        }
        await("condition=Complete", "job/done");
        await("condition=Failed", "job/fails");
        await("jsonpath={.status.phase}=Succeeded", "pod/once");
        await("jsonpath={.status.phase}=Failed", "pod/failing");
        await("condition=Ready", "pod/mounts");
        await("jsonpath={.status.phase}=Bound", "pvc/bound");
        // The old pods are gone, and with them what still changes.
        kubectl.output("wait", "--for=jsonpath={.status.replicas}=2", "deployment/web", "--timeout=120s");
    }

    private void await(String state, String object) {
        kubectl.output("wait", "--for=" + state, object, "--timeout=120s");
    }

    private String manifest(String name) throws IOException {
        try (InputStream stream = KindObjects.class.getResourceAsStream("kinds/" + name + ".yaml")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("NAMESPACE", namespace)
                    .replace("ACTOR", Cluster.ACTOR)
                    .replace("NODE_OF_CLUSTER", node);
        }
    }

    private void run(String manifest, String... arguments) {
        Completed completed = kubectl.runWithInput(manifest, arguments);
        assertThat(completed.status())
                .as("kubectl %s: %s", String.join(" ", arguments), completed.err())
                .isZero();
    }

    @Override
    public void close() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : new ArrayList<>(MANIFESTS).reversed()) {
            all.append(manifest(name)).append("\n---\n");
        }
        all.append(manifest("definitions"));
        kubectl.runWithInput(all.toString(), "delete", "--ignore-not-found", "--wait=false", "-f", "-");
    }
}
