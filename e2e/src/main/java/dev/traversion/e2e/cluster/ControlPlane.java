/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * etcd and an API server that belong to one test, for faults and for restarts. There are no controllers: a namespace that is deleted stays,
 * and pods are refused unless they name a service account or the ServiceAccount admission is off.
 */
public final class ControlPlane implements AutoCloseable {

    private static final int PORTS = 14;
    private static final int FIRST_PORT = 20_000;

    /** How many were started, from a random number, since other runs may be going on. */
    private static final AtomicInteger PLANES =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(6_000 / PORTS));

    private final LocalCluster cluster;
    private final Kubectl kubectl;
    private final URI etcd;
    private final Path etcdctl;

    private ControlPlane(LocalCluster cluster) {
        this.cluster = cluster;
        Map<String, String> variables = cluster.environment();
        this.kubectl = new Kubectl(
                Path.of(variables.get("TRAVERSION_KUBECTL")), Path.of(variables.get("TRAVERSION_KUBECONFIG")));
        this.etcd = URI.create(variables.get("TRAVERSION_ETCD_ENDPOINT"));
        this.etcdctl = Path.of(variables.get("TRAVERSION_ETCDCTL"));
    }

    /** Starts one on free ports, with flags for the API server such as "--event-ttl=5m". */
    public static ControlPlane start(String... apiserverFlags) {
        return start("apiserver", apiserverFlags);
    }

    /** The same with a controller manager and a scheduler. */
    public static ControlPlane startWithControllers(String... apiserverFlags) {
        return start("controller-manager,scheduler", apiserverFlags);
    }

    private static ControlPlane start(String parts, String[] apiserverFlags) {
        try {
            Path state = Files.createTempDirectory("traversion-");
            LocalCluster cluster = LocalCluster.at(state, freePorts());
            String[] flags = new String[apiserverFlags.length];
            for (int i = 0; i < flags.length; i++) {
                flags[i] = "--apiserver-flag=" + apiserverFlags[i];
            }
            cluster.up(parts, flags);
            return new ControlPlane(cluster);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make a folder for a control plane", e);
        }
    }

    /** What is in the way of starting one, as a sentence; nothing if one can be started. */
    static Optional<String> obstacles() {
        Path state = Path.of(System.getProperty("java.io.tmpdir"), "traversion-none");
        return LocalCluster.at(state, freePorts()).obstacles("apiserver");
    }

    public Kubectl kubectl() {
        return kubectl;
    }

    public Path kubeconfig() {
        return kubectl.kubeconfig();
    }

    /** etcd's client URL; without TLS, on loopback. */
    public URI etcd() {
        return etcd;
    }

    public Path etcdctl() {
        return etcdctl;
    }

    /** Ends "apiserver" or "etcd" with SIGKILL. */
    public void kill(String part) {
        cluster.succeed("kill", part);
    }

    /** Starts "apiserver" or "etcd" again as it was, on the same ports, and waits until it is ready. */
    public void start(String part) {
        cluster.succeed("start", part);
    }

    /** The library that, loaded before a program's own, fakes its clock; nothing where it is not installed and cannot be. */
    public Optional<Path> libfaketime() {
        try {
            return Optional.of(Path.of(cluster.succeed("path", "libfaketime")));
        } catch (IllegalStateException e) {
            return Optional.empty();
        }
    }

    /** Starts kwok, which keeps nodes with the annotation kwok.x-k8s.io/node=fake ready, and their pods running. */
    public void startFakeKubelets() {
        cluster.succeed("kwok", "up");
    }

    @Override
    public void close() {
        cluster.close();
    }

    /** Not those of a control plane that is just being started beside this one. */
    private static int freePorts() {
        while (true) {
            int first = FIRST_PORT + Math.floorMod(PLANES.getAndIncrement(), 6_000 / PORTS) * PORTS;
            int free = 0;
            while (free < PORTS && isFree(first + free)) {
                free++;
            }
            if (free == PORTS) {
                return first;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
