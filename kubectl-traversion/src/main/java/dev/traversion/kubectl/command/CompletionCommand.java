/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code kubectl traversion completion SHELL}. */
@Command(
        name = "completion",
        description = {
            "Print the completion script of a shell.",
            "",
            "kubectl completes \"kubectl traversion\" by itself once kubectl_complete-traversion, which lies beside"
                    + " kubectl-traversion, is on PATH. This script completes kubectl-traversion called by its own name."
        },
        footer = {
            "",
            "Examples:",
            "  source <(kubectl traversion completion bash)",
            "  kubectl traversion completion zsh > ~/.zfunc/_kubectl-traversion",
            "  kubectl traversion completion fish > ~/.config/fish/completions/kubectl-traversion.fish"
        })
final class CompletionCommand implements Callable<Integer> {

    private enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @ParentCommand
    private Plugin plugin;

    @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
    private Shell shell;

    @Override
    public Integer call() throws IOException {
        String resource = "completion." + shell.name().toLowerCase(java.util.Locale.ROOT);
        try (InputStream script = CompletionCommand.class.getResourceAsStream(resource)) {
            if (script == null) {
                throw new TraversionException("This build has no completion for " + shell + ".");
            }
            plugin.terminal().out().print(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
        return 0;
    }
}
