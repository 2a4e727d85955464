/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import dev.traversion.e2e.cluster.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./traversion scenarios}. */
@Command(
        name = "scenarios",
        sortOptions = false,
        usageHelpWidth = 120,
        mixinStandardHelpOptions = true,
        description = {
            "Break a healthy application on a real cluster, one fault at a time, ask \"kubectl traversion why\", and compare the answer with"
                    + " the truth. Beside it stand what the last change and the most Events would have said.",
            ""
        })
public final class Scenarios implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "Only these scenarios, or kept runs. Without it: all.")
    private List<String> names = List.of();

    @Option(names = "--dir", paramLabel = "DIR", description = "Where the scenarios are. Without it: e2e/scenarios.")
    private Path directory;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Play each N times, with seeds 1 to N.")
    private int seeds;

    @Option(
            names = "--decoys",
            paramLabel = "none|others|victim",
            defaultValue = "none",
            description =
                    "Other changes around the fault: none, ten of other objects, or one of the object that is asked about.")
    private Decoys.Kind decoys;

    @Option(names = "--keep", paramLabel = "DIR", description = "Keep the recording of each run there, with its truth.")
    private Path keep;

    @Option(
            names = "--replay",
            paramLabel = "DIR",
            description = "Only ask again about the runs that were kept there. Needs no cluster.")
    private Path replay;

    @Option(names = "-o", paramLabel = "text|json", defaultValue = "text", description = "Form of the output.")
    private Form output;

    private enum Form {
        TEXT,
        JSON
    }

    /** Ends with 0 if all was played and asked, whatever the answers were. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Scenarios())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, _, _) -> {
                    System.err.println("scenarios: " + failure.getMessage());
                    return 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of(System.getProperty("traversion.root"));
        Path work = Files.createTempDirectory("traversion-scenarios");
        try {
            Program program = new Program(
                    root.resolve("kubectl-traversion/target/dist/bin/kubectl-traversion"), work.resolve("plugin"));
            Report report = replay == null ? play(root, program, work) : replay(program);
            System.out.println(output == Form.JSON ? report.json() : report.text());
            return report.failed().isEmpty() ? 0 : 1;
        } finally {
            delete(work);
        }
    }

    private Report play(Path root, Program program, Path work) throws IOException, InterruptedException {
        List<Run> runs = new ArrayList<>();
        for (Scenario scenario : wanted(Scenario.in(directory == null ? root.resolve("e2e/scenarios") : directory))) {
            for (int seed = 1; seed <= seeds; seed++) {
                runs.add(new Run(scenario, seed, decoys));
            }
        }
        Kubectl kubectl =
                new Kubectl(Path.of(environment("TRAVERSION_KUBECTL")), Path.of(environment("TRAVERSION_KUBECONFIG")));
        boolean local = "true".equals(System.getenv("TRAVERSION_NODE_IS_HERE"));
        Path kept = keep == null ? Files.createDirectory(work.resolve("kept")) : Files.createDirectories(keep);
        Rig rig = new Rig(kubectl, root.resolve("traversion"), local, System.err::println);
        Rig.Outcome outcome = rig.play(runs, program, work, kept);
        return Report.of(outcome.kept(), program, outcome.skipped(), outcome.failed());
    }

    private List<Scenario> wanted(List<Scenario> all) {
        TreeSet<String> unknown = new TreeSet<>(names);
        all.forEach(scenario -> unknown.remove(scenario.name()));
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no such scenario: " + String.join(", ", unknown) + "; there are "
                    + String.join(", ", all.stream().map(Scenario::name).toList()));
        }
        return all.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
    }

    private Report replay(Program program) throws IOException, InterruptedException {
        List<Path> runs = Kept.in(replay).stream()
                .filter(run ->
                        names.isEmpty() || names.contains(run.getFileName().toString()))
                .toList();
        return Report.of(runs, program, Map.of(), Map.of());
    }

    private static String environment(String name) {
        String value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set; ./traversion scenarios does that");
        }
        return value;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
