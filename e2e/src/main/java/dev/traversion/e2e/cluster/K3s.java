/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Image;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** A K3s in a container, if a Docker engine runs here and already has an image of it. Nothing is pulled, so nothing has to be waited for. */
final class K3s {

    private static final String REPOSITORY = "rancher/k3s";

    private K3s() {}

    /** The cluster, or nothing where there is no engine or no image. */
    static Optional<Part<Cluster>> start() {
        if (!engineListens()) {
            return Optional.empty();
        }
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

    // Testcontainers logs pages of stack traces where there is no engine, so it is only asked where something listens.
    private static boolean engineListens() {
        String host = System.getenv("DOCKER_HOST");
        if (host != null && !host.startsWith("unix://")) {
            return true;
        }
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        Stream<Path> sockets = host != null
                ? Stream.of(Path.of(host.substring("unix://".length())))
                : Stream.of(
                        Path.of("/var/run/docker.sock"),
                        Path.of(runtime == null ? "/run" : runtime, "docker.sock"),
                        Path.of(System.getProperty("user.home"), ".docker/run/docker.sock"));
        return sockets.anyMatch(K3s::listens);
    }

    private static boolean listens(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    /** The image TRAVERSION_K3S_IMAGE names, or any of K3s that the engine has. */
    private static Optional<String> image() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.empty();
        }
        DockerClient client = DockerClientFactory.lazyClient();
        String wanted = System.getenv("TRAVERSION_K3S_IMAGE");
        List<Image> images = client.listImagesCmd().exec();
        return images.stream()
                .map(Image::getRepoTags)
                .filter(tags -> tags != null)
                .flatMap(Arrays::stream)
                .filter(tag -> wanted == null ? tag.startsWith(REPOSITORY + ":") : tag.equals(wanted))
                .sorted()
                .reduce((older, newer) -> newer);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot delete " + file + ": " + e.getMessage(), e);
        }
    }
}
