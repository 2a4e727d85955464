/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import dev.traversion.e2e.cluster.Command.Completed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program that "./traversion cluster path" builds, such as helm, with some variables of its own. Immutable. */
public final class Tool {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final Path program;
    private final Map<String, String> environment;

    private Tool(Path program, Map<String, String> environment) {
        this.program = program;
        this.environment = Map.copyOf(environment);
    }

    /** Builds it, if that is not done yet. */
    public static Tool named(String name, Map<String, String> environment) {
        return new Tool(Path.of(LocalCluster.shared().succeed("path", name)), environment);
    }

    /**
     * helm.
     *
     * @param home where it keeps files of its own
     */
    public static Tool helm(Path kubeconfig, Path home) {
        return named(
                "helm",
                Map.of(
                        "KUBECONFIG", kubeconfig.toString(),
                        "HELM_CONFIG_HOME", home.toString(),
                        "HELM_CACHE_HOME", home.toString(),
                        "HELM_DATA_HOME", home.toString()));
    }

    /** Runs it to its end, whatever that is. */
    public Completed run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return Command.run(command, environment, new byte[0], LIMIT, line -> {});
    }

    /**
     * The standard output.
     *
     * @throws AssertionError with what the program said, if it fails
     */
    public String output(String... arguments) {
        Completed completed = run(arguments);
        if (completed.status() != 0) {
            throw new AssertionError(program.getFileName() + " " + String.join(" ", arguments) + " ended with status "
                    + completed.status() + ": " + completed.err() + completed.out());
        }
        return completed.out();
    }
}
