/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.kubectl.terminal.Program;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code kubectl traversion version}. */
@Command(
        name = "version",
        description = "Print the version of the plugin and the format of recordings it writes.",
        footer = {"", "Example:", "  kubectl traversion version -o json"})
final class VersionCommand implements Callable<Integer> {

    /** The format of recordings this version writes. */
    private static final String FORMAT = dev.traversion.archive.Layout.FORMAT;

    private enum Output {
        TEXT,
        JSON,
        YAML
    }

    @ParentCommand
    private Plugin plugin;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json|yaml",
            defaultValue = "text",
            description = "Form of the output: text (default), json or yaml.")
    private Output output;

    @Override
    public Integer call() {
        String java = Runtime.version().toString();
        plugin.terminal()
                .out()
                .print(
                        switch (output) {
                            case TEXT ->
                                "kubectl-traversion " + Program.version() + " (recordings of format " + FORMAT
                                        + ", Java " + java + ")\n";
                            case JSON ->
                                "{\"version\":\"%s\",\"recordingFormat\":\"%s\",\"java\":\"%s\"}%n"
                                        .formatted(Program.version(), FORMAT, java);
                            case YAML ->
                                "version: \"%s\"%nrecordingFormat: \"%s\"%njava: \"%s\"%n"
                                        .formatted(Program.version(), FORMAT, java);
                        });
        return 0;
    }
}
