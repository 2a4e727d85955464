/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import dev.traversion.e2e.cluster.Command.Completed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** A K3s in a container, if a Docker engine runs here and already has an image of it. Nothing is pulled, so nothing has to be waited for. */
final class K3s {

    private static final String REPOSITORY = "rancher/k3s";

    private K3s() {}

    /** The cluster, or nothing where there is no engine or no image. */
    static Optional<Part<Cluster>> start() {
        return image().map(K3s::start);
    }

    private static Part<Cluster> start(String image) {
        K3sContainer container = new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor(REPOSITORY));
        LocalCluster programs = LocalCluster.shared();
        Path kubectl = Path.of(programs.succeed("path", "kubectl"));
        // K3s imports what lies in this folder.
        container.withCopyFileToContainer(
                MountableFile.forHostPath(Path.of(programs.succeed("path", "images"))),
                "/var/lib/rancher/k3s/agent/images/traversion.tar");
        try {
            container.start();
            Path kubeconfig = Files.createTempFile("traversion-k3s", ".kubeconfig");
            Files.writeString(kubeconfig, container.getKubeConfigYaml());
            return new Part.Present<>(new Cluster(image, new Kubectl(kubectl, kubeconfig)), () -> {
                container.stop();
                delete(kubeconfig);
            });
        } catch (IOException e) {
            container.stop();
            throw new IllegalStateException("Cannot write a kubeconfig for " + image + ": " + e.getMessage(), e);
        }
    }

    /** The image TRAVERSION_K3S_IMAGE names, or any of K3s that the engine has; nothing where there is no engine. */
    private static Optional<String> image() {
        // Docker's own client is asked: Testcontainers logs pages of stack traces where there is no engine, and where
        // there is one, begins
        // with pulling an image of its own, for minutes if no registry answers.
        Optional<Path> docker = Command.find("docker");
        if (docker.isEmpty()) {
            return Optional.empty();
        }
        String wanted = System.getenv("TRAVERSION_K3S_IMAGE");
        Completed images = Command.run(
                List.of(
                        docker.get().toString(),
                        "image",
                        "ls",
                        "--format",
                        "{{.Repository}}:{{.Tag}}",
                        wanted == null ? REPOSITORY : wanted),
                Map.of(),
                new byte[0],
                Duration.ofMinutes(1),
                line -> {});
        return images.status() == 0 ? images.out().lines().findFirst() : Optional.empty();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot delete " + file + ": " + e.getMessage(), e);
        }
    }
}
