/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.cluster;

import dev.traversion.e2e.cluster.Command.Completed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The real kubectl against one cluster, and in one namespace if it has been given one. Immutable. */
public final class Kubectl {

    private static final Duration LIMIT = Duration.ofMinutes(7);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path program;
    private final Path kubeconfig;
    private final List<String> flags;

    /** @param kubeconfig what KUBECONFIG is set to for kubectl */
    public Kubectl(Path program, Path kubeconfig) {
        this(program, kubeconfig, List.of());
    }

    private Kubectl(Path program, Path kubeconfig, List<String> flags) {
        this.program = program;
        this.kubeconfig = kubeconfig;
        this.flags = List.copyOf(flags);
    }

    /** The same with some flags before all others, such as "--namespace", "shop". */
    public Kubectl with(String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return new Kubectl(program, kubeconfig, all);
    }

    public Path program() {
        return program;
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    /** Runs kubectl to its end, whatever that is. */
    public Completed run(String... arguments) {
        return runWithInput("", arguments);
    }

    /** Runs kubectl with a text on its standard input, for "-f -". */
    public Completed runWithInput(String input, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(flags);
        command.addAll(List.of(arguments));
        return Command.run(
                command,
                Map.of("KUBECONFIG", kubeconfig.toString()),
                input.getBytes(StandardCharsets.UTF_8),
                LIMIT,
                line -> {});
    }

    /**
     * The standard output.
     *
     * @throws AssertionError with what kubectl said, if it fails
     */
    public String output(String... arguments) {
        return succeeded(run(arguments), arguments);
    }

    /**
     * Applies a manifest.
     *
     * @throws AssertionError with what kubectl said, if it fails
     */
    public String apply(String manifest) {
        String[] arguments = {"apply", "-f", "-"};
        return succeeded(runWithInput(manifest, arguments), arguments);
    }

    /**
     * Waits until definitions of resources are served.
     *
     * @param definitions such as {@code crd/widgets.example.com}, or {@code crd --all}
     * @throws AssertionError with what kubectl said, if they are not within a minute
     */
    public void awaitEstablished(String... definitions) {
        List<String> words = new ArrayList<>(List.of("wait", "--for=condition=Established", "--timeout=60s"));
        words.addAll(List.of(definitions));
        String[] arguments = words.toArray(String[]::new);
        long end = System.nanoTime() + PATIENCE.toNanos();
        Completed completed = run(arguments);
        // Of a definition without conditions, which is only just made, kubectl says that it cannot read them.
        while (completed.err().contains("accessor error") && System.nanoTime() < end) {
            completed = run(arguments);
        }
        succeeded(completed, arguments);
    }

    private static String succeeded(Completed completed, String... arguments) {
        if (completed.status() != 0) {
            throw new AssertionError("kubectl " + String.join(" ", arguments) + " ended with status "
                    + completed.status() + ": " + completed.err() + completed.out());
        }
        return completed.out();
    }
}
