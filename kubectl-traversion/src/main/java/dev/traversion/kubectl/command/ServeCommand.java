/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.kubectl.server.MomentServer;
import dev.traversion.kubectl.terminal.Program;
import dev.traversion.kubectl.time.TimeParser;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What runs in the background for {@code at} and {@code rewind}. */
@Command(
        name = "serve",
        hidden = true,
        description = "Serve a recording to the other commands until it is unused for a while.")
final class ServeCommand extends Common implements Callable<Integer> {

    @Parameters(paramLabel = "LOCATION", description = "The recording.")
    private String location;

    @Option(
            names = "--idle",
            paramLabel = "DURATION",
            defaultValue = "30m",
            description = "End after so long without a request.")
    private String idle;

    @Override
    public Integer call() throws Exception {
        configureLogging();
        MomentServer server = new MomentServer(location, "", 0, true, Program.build(), state(), Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        server.awaitIdle(TimeParser.parseDuration(idle));
        return 0;
    }
}
