/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.kubectl.server.MomentServers;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.terminal.Logging;
import dev.traversion.kubectl.terminal.Program;
import dev.traversion.kubectl.terminal.Terminal;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What most commands share. */
abstract class Common {

    @ParentCommand
    private Plugin plugin;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log what is done to standard error; twice for more.")
    private boolean[] verbose = {};

    /** The terminal. Log lines begin to flow, if they are wanted. */
    Terminal terminal() {
        return plugin.terminal();
    }

    void configureLogging() {
        Logging.configure(verbose.length);
    }

    StateDirectory state() {
        return StateDirectory.of(System.getenv());
    }

    MomentServers servers(Terminal terminal) {
        return new MomentServers(state(), Program.build(), Program.command("serve"), terminal::note);
    }
}
