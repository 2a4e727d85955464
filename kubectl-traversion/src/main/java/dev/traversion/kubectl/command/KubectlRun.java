/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

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

    /** Runs it with this process's input and output; gives its exit status. */
    int run(MomentAnswer moment, List<String> arguments) throws IOException, InterruptedException {
        Path kubeconfig = writeKubeconfig(moment);
        try {
            Process kubectl = builder(moment, kubeconfig, arguments).inheritIO().start();
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
    List<String> output(MomentAnswer moment, List<String> arguments) throws IOException, InterruptedException {
        Path kubeconfig = writeKubeconfig(moment);
        try {
            Process kubectl = builder(moment, kubeconfig, arguments)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kubectl.getOutputStream().close();
            List<String> lines = new ArrayList<>(kubectl.inputReader().lines().toList());
            return kubectl.waitFor() == 0 ? lines : List.of();
        } finally {
            Files.deleteIfExists(kubeconfig);
        }
    }

    private Path writeKubeconfig(MomentAnswer moment) throws IOException {
        Path file = Files.createTempFile(
                state.directory("kubeconfigs"),
                "at-",
                ".yaml",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, Moments.context(moment).kubeconfig());
        return file;
    }

    private ProcessBuilder builder(MomentAnswer moment, Path kubeconfig, List<String> arguments) {
        Path program = Program.kubectl(System.getenv()).orElseThrow(AtCommand::noKubectl);
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        // Discovery is cached per server; the user's own cache is for clusters that stay.
        int port = URI.create(moment.url()).getPort();
        builder.environment()
                .put(
                        "KUBECACHEDIR",
                        state.path()
                                .resolve("kubectl-cache")
                                .resolve(Integer.toString(port))
                                .toString());
        return builder;
    }
}
