/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.terminal.Terminal.ColorMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top of the command line, and how failures are told. */
@Command(
        name = "kubectl traversion",
        description = "A time machine for Kubernetes: record a cluster, and use kubectl on any moment of it.",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        subcommands = {
            RecordCommand.class,
            AtCommand.class,
            RewindCommand.class,
            DiffCommand.class,
            TimelineCommand.class,
            WhyCommand.class,
            EventsCommand.class,
            FlowsCommand.class,
            TopCommand.class,
            QueryCommand.class,
            PlayCommand.class,
            ConsoleCommand.class,
            OpenCommand.class,
            StatusCommand.class,
            ExportCommand.class,
            ImportCommand.class,
            VerifyCommand.class,
            RepairCommand.class,
            RetainCommand.class,
            CompactCommand.class,
            EraseCommand.class,
            PinCommand.class,
            UnpinCommand.class,
            PinsCommand.class,
            AuditCommand.class,
            VersionCommand.class,
            CompletionCommand.class,
            CommandLine.HelpCommand.class,
            ServeCommand.class,
            ServeClusterCommand.class,
            CompleteCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  kubectl traversion record --to ./prod      Record the current cluster into a directory",
            "  kubectl traversion at 10m get pods -A      The pods of ten minutes ago",
            "  kubectl traversion rewind 14:03            Let kubectl work on 14:03, until rewind --live",
            "  kubectl traversion console 14:03           Look at it in the browser",
            "  kubectl traversion diff 10m..now -n shop   What changed in the last ten minutes, and who changed it",
            "",
            "TIME is now, 10m, \"10m ago\", 14:03, 14:03:22, 2026-01-31, 2026-01-31T14:03:22Z, @1769868202, or",
            "deploy/checkout~1 (before its last change), each with an offset (14:03-30s). Times without a zone are",
            "local ones (TZ, or --utc).",
            "",
            "Environment:",
            "  TRAVERSION_RECORDING   the recording to use when --from is not given",
            "  TRAVERSION_STATE_DIR   where the plugin keeps its state (~/.local/state/traversion)",
            "  KUBECTL                the kubectl to run (else the first on PATH)",
            "  NO_COLOR               no colors",
            "",
            "Exit status: 0 done; 1 failed, with a sentence; 2 wrong usage; 130 interrupted; of at: kubectl's own; of diff:",
            "0 no differences, 1 differences, 3 failed."
        })
public final class Plugin implements Runnable {

    static final int FAILED = 1;
    static final int USAGE = 2;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Use colors: auto (on a terminal, unless NO_COLOR is set), always or never.")
    private ColorMode color;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    Terminal terminal() {
        return Terminal.of(color, System.getenv());
    }

    /** Runs a command and gives its exit status. */
    public static int run(String... arguments) {
        CommandLine line = new CommandLine(new Plugin());
        line.addMixin("help", new HelpOption());
        line.getSubcommands().forEach((name, command) -> {
            if (!name.equals("help")) {
                command.addMixin("help", new HelpOption());
            }
        });
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(110);
        line.setAbbreviatedOptionsAllowed(false);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(ansi(arguments)));
        line.getSubcommands().get("at").setStopAtPositional(true);
        line.getSubcommands().get(CompleteCommand.NAME).setStopAtPositional(true);
        line.setParameterExceptionHandler((failure, all) -> wrongUsage(failure));
        line.setExecutionExceptionHandler((failure, command, result) -> failed(failure, command));
        return line.execute(arguments);
    }

    private static Ansi ansi(String... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            String value = arguments[i].startsWith("--color=")
                    ? arguments[i].substring("--color=".length())
                    : arguments[i].equals("--color") && i + 1 < arguments.length ? arguments[i + 1] : "";
            switch (value.toLowerCase(Locale.ROOT)) {
                case "always" -> {
                    return Ansi.ON;
                }
                case "never" -> {
                    return Ansi.OFF;
                }
                default -> {}
            }
        }
        return Ansi.AUTO;
    }

    private static int wrongUsage(ParameterException failure) {
        Terminal terminal = Terminal.of(ColorMode.AUTO, System.getenv());
        terminal.error(failure.getMessage());
        terminal.note("See: " + failure.getCommandLine().getCommandSpec().qualifiedName(" ") + " --help");
        return USAGE;
    }

    private static int failed(Exception failure, CommandLine command) throws Exception {
        Terminal terminal = Terminal.of(ColorMode.AUTO, System.getenv());
        switch (failure) {
            case TraversionException sentence -> terminal.error(sentence.getMessage());
            case IOException e -> terminal.error(message(e));
            case UncheckedIOException e -> terminal.error(message(e.getCause()));
            default -> {
                terminal.error("an error in kubectl traversion itself, in " + command.getCommandName()
                        + ". Please report it with what follows.");
                failure.printStackTrace(terminal.err());
            }
        }
        // Of diff, 1 means differences.
        return command.getCommandName().equals("diff") ? DiffCommand.DIFF_FAILED : FAILED;
    }

    private static String message(IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return switch (e) {
            case java.nio.file.NoSuchFileException missing -> "There is no " + message + ".";
            case java.nio.file.AccessDeniedException denied -> "Not allowed to access " + message + ".";
            default -> message;
        };
    }
}
