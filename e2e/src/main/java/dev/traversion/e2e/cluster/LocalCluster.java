/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import dev.traversion.e2e.cluster.Command.Completed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The cluster of ./traversion cluster: the shared one of this machine, or one with a state folder of its own. */
final class LocalCluster implements AutoCloseable {

    // The first start compiles Kubernetes.
    private static final Duration LIMIT = Duration.ofHours(2);

    private final Path script;
    private final List<String> flags;
    private boolean started;

    private LocalCluster(List<String> flags) {
        this.script = root().resolve("e2e/cluster/cluster.sh");
        this.flags = List.copyOf(flags);
    }

    static LocalCluster shared() {
        return new LocalCluster(List.of());
    }

    static LocalCluster at(Path state, int portBase) {
        return new LocalCluster(List.of("--state", state.toString(), "--port-base", Integer.toString(portBase)));
    }

    /** The checkout: what the system property traversion.root says, or the folder above this one that has the cluster's script. */
    static Path root() {
        String configured = System.getProperty("traversion.root");
        Path folder = Path.of(configured == null ? "" : configured).toAbsolutePath();
        while (folder != null && !Files.exists(folder.resolve("e2e/cluster/cluster.sh"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("There is no e2e/cluster/cluster.sh above "
                    + Path.of("").toAbsolutePath() + "; set the system property traversion.root to the checkout");
        }
        return folder;
    }

    /** Everything that is in the way of starting these parts, as a sentence; nothing if they can be started. */
    Optional<String> obstacles(String parts) {
        Completed check = call("check", "--only", parts);
        return check.status() == 0
                ? Optional.empty()
                : Optional.of((check.out() + check.err()).strip().replace("\n", "; "));
    }

    /** Starts these parts, unless they run. */
    synchronized void up(String parts, String... more) {
        boolean running = call("kubeconfig").status() == 0;
        started |= !running;
        List<String> arguments = new ArrayList<>(List.of("--only", parts));
        arguments.addAll(List.of(more));
        succeed("up", arguments.toArray(String[]::new));
    }

    /** Runs a command of the cluster's script, which must succeed, and returns its output. */
    String succeed(String command, String... arguments) {
        Completed completed = call(command, arguments);
        if (completed.status() != 0) {
            throw new IllegalStateException("./traversion cluster " + command + " failed: "
                    + completed.err().strip());
        }
        return completed.out().strip();
    }

    /** The variables which "./traversion cluster env" exports. */
    Map<String, String> environment() {
        // Values are quoted for a shell, so a shell reads them.
        Completed printed = Command.run(
                List.of("bash", "-c", "eval \"$1\" && env -0", "bash", succeed("env")),
                Map.of(),
                new byte[0],
                LIMIT,
                line -> {});
        Map<String, String> variables = new HashMap<>();
        for (String variable : printed.out().split("\0")) {
            int equals = variable.indexOf('=');
            variables.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return variables;
    }

    private Completed call(String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of(script.toString(), command));
        line.addAll(flags);
        line.addAll(List.of(arguments));
        // Also what is said on the way, since a build can take minutes; but not the errors of a question.
        boolean question = command.equals("check") || command.equals("kubeconfig");
        return Command.run(line, Map.of(), new byte[0], LIMIT, question ? said -> {} : System.err::println);
    }

    /** Stops everything if this run has started it. */
    @Override
    public synchronized void close() {
        if (started) {
            started = false;
            succeed("down");
        }
    }
}
