/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.kubectl.kubeconfig.MomentContext;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.terminal.Program;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Runs the real kubectl on a moment, with a kubeconfig that exists only meanwhile. */
final class KubectlRun {

    private final StateDirectory state;

    KubectlRun(StateDirectory state) {
        this.state = state;
    }

    /** What kubectl may remember of a server that runs here. */
    static Path cache(StateDirectory state, MomentAnswer moment) {
        int port = URI.create(moment.url()).getPort();
        return state.path().resolve("kubectl-cache").resolve(Integer.toString(port));
    }

    /** Runs it with this process's input and output; gives its exit status. */
    int run(MomentContext moment, Path cache, List<String> arguments) throws IOException, InterruptedException {
        Path kubeconfig = writeKubeconfig(moment);
        try {
            Process kubectl = builder(kubeconfig, cache, arguments).inheritIO().start();
            // On a signal kubectl must not outlive this process, nor the kubeconfig either.
            Thread clean = new Thread(() -> {
                kubectl.destroy();
                kubeconfig.toFile().delete();
            });
            Runtime.getRuntime().addShutdownHook(clean);
            return kubectl.waitFor();
        } finally {
            Files.deleteIfExists(kubeconfig);
        }
    }

    /** What kubectl says, line by line; nothing if it fails. */
    List<String> output(MomentContext moment, Path cache, List<String> arguments)
            throws IOException, InterruptedException {
        Path kubeconfig = writeKubeconfig(moment);
        try {
            Process kubectl = builder(kubeconfig, cache, arguments)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kubectl.getOutputStream().close();
            List<String> lines = new ArrayList<>(kubectl.inputReader().lines().toList());
            return kubectl.waitFor() == 0 ? lines : List.of();
        } finally {
            Files.deleteIfExists(kubeconfig);
        }
    }

    private Path writeKubeconfig(MomentContext moment) throws IOException {
        Path file = Files.createTempFile(
                state.directory("kubeconfigs"),
                "at-",
                ".yaml",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, moment.kubeconfig());
        return file;
    }

    private static ProcessBuilder builder(Path kubeconfig, Path cache, List<String> arguments) {
        Path program = Program.kubectl(System.getenv()).orElseThrow(AtCommand::noKubectl);
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        // Discovery is cached per server; the user's own cache is for clusters that stay.
        builder.environment().put("KUBECACHEDIR", cache.toString());
        return builder;
    }
}
