/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Runs that were kept: folders with a recording and a truth.json. */
final class Kept {

    static final String RECORDING = "recording.trv";

    /** What targets can be of that are in no namespace. */
    private static final Set<String> GLOBAL =
            Set.of("node", "namespace", "persistentvolume", "storageclass", "customresourcedefinition", "apiservice");

    private Kept() {}

    /** The runs below a folder, by name. */
    static List<Path> in(Path directory) throws IOException {
        List<Path> runs = new ArrayList<>();
        try (Stream<Path> folders = Files.list(directory)) {
            folders.filter(Truth::isIn).sorted().forEach(runs::add);
        }
        return runs;
    }

    /** Asks why. */
    static Verdict ask(Path run, Program program) throws IOException, InterruptedException {
        Truth truth = Truth.read(run);
        Path recording = run.resolve(RECORDING);
        List<String> question = new ArrayList<>(List.of(
                "why",
                truth.target(),
                "--from",
                recording.toString(),
                "--at",
                truth.at().toString(),
                "--since",
                truth.since(),
                "-o",
                "json"));
        // What is in no namespace is not to be found in one.
        if (!GLOBAL.contains(truth.target().replaceFirst("/.*", ""))) {
            question.addAll(List.of("--namespace", truth.namespace()));
        }
        Program.Ended ended = program.run(question);
        Answer answer = Answer.of(ended);
        return Verdict.of(run.getFileName().toString(), truth, answer);
    }
}
