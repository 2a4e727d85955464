/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import dev.traversion.e2e.cluster.Command.Completed;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** The parts that a whole run shares. They live in the root store, whose end closes them, the latest first. */
final class SharedParts {

    private static final Namespace STORE = Namespace.create(SharedParts.class);

    private SharedParts() {}

    static Part<Cluster> cluster(ExtensionContext context) {
        Store store = context.getRoot().getStore(STORE);
        LocalCluster local = local(store);
        return part(store.computeIfAbsent("cluster", key -> findCluster(local)));
    }

    static Part<ObjectStore> objectStore(ExtensionContext context) {
        Store store = context.getRoot().getStore(STORE);
        LocalCluster local = local(store);
        return part(store.computeIfAbsent("object store", key -> findObjectStore(local)));
    }

    /** Why no control plane of a test's own can be started; nothing if it can. */
    static Optional<String> controlPlaneObstacles(ExtensionContext context) {
        Store store = context.getRoot().getStore(STORE);
        Object found = store.computeIfAbsent("control plane", key -> ControlPlane.obstacles());
        return ((Optional<?>) found).map(String.class::cast);
    }

    // Both the cluster and the object store may be its parts, and whoever comes first starts it.
    private static LocalCluster local(Store store) {
        return store.computeIfAbsent("local", key -> LocalCluster.shared(), LocalCluster.class);
    }

    @SuppressWarnings("unchecked") // The store is ours, and each of its keys has values of one type.
    private static <T> Part<T> part(Object stored) {
        return (Part<T>) stored;
    }

    private static Part<Cluster> findCluster(LocalCluster local) {
        String given = System.getenv("TRAVERSION_KUBECONFIG");
        if (given != null && !given.isEmpty()) {
            return givenCluster(Path.of(given), local);
        }
        return K3s.start().orElseGet(() -> local.obstacles("dns")
                .<Part<Cluster>>map(reason -> new Part.Absent<>("No Kubernetes: " + reason))
                .orElseGet(() -> {
                    local.up("dns");
                    Map<String, String> variables = local.environment();
                    Kubectl kubectl = new Kubectl(
                            Path.of(variables.get("TRAVERSION_KUBECTL")),
                            Path.of(variables.get("TRAVERSION_KUBECONFIG")));
                    return new Part.Present<>(new Cluster(Cluster.LOCAL, kubectl), () -> {});
                }));
    }

    private static Part<Cluster> givenCluster(Path kubeconfig, LocalCluster local) {
        Kubectl kubectl = new Kubectl(kubectlProgram(local), kubeconfig.toAbsolutePath());
        Completed answer = kubectl.run("get", "--raw", "/readyz", "--request-timeout=30s");
        if (answer.status() != 0) {
            // Not a reason to skip: whoever names a cluster wants it used.
            throw new IllegalStateException(
                    "The cluster of TRAVERSION_KUBECONFIG=" + kubeconfig + " is not ready: " + answer.err());
        }
        return new Part.Present<>(new Cluster("TRAVERSION_KUBECONFIG=" + kubeconfig, kubectl), () -> {});
    }

    private static Path kubectlProgram(LocalCluster local) {
        String named = System.getenv("TRAVERSION_KUBECTL");
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        return Command.find("kubectl").orElseGet(() -> Path.of(local.succeed("path", "kubectl")));
    }

    private static Part<ObjectStore> findObjectStore(LocalCluster local) {
        Map<String, String> variables = System.getenv();
        if (!variables.containsKey("TRAVERSION_MINIO_ENDPOINT")) {
            Optional<String> obstacles = local.obstacles("minio");
            if (obstacles.isPresent()) {
                return new Part.Absent<>("No object store: " + obstacles.get());
            }
            local.up("minio");
            variables = local.environment();
        }
        return new Part.Present<>(
                new ObjectStore(
                        URI.create(variables.get("TRAVERSION_MINIO_ENDPOINT")),
                        variables.getOrDefault("TRAVERSION_MINIO_ACCESS_KEY", ""),
                        variables.getOrDefault("TRAVERSION_MINIO_SECRET_KEY", "")),
                () -> {});
    }
}
