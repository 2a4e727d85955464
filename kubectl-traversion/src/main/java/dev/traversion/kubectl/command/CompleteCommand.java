/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import dev.traversion.archive.TraversionException;
import dev.traversion.kubectl.incluster.ClusterPast;
import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import dev.traversion.kubectl.server.KubectlArguments;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.server.MomentRequest;
import dev.traversion.kubectl.terminal.Terminal;
import dev.traversion.kubectl.time.TimeParser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What a shell asks when Tab is pressed: prints the ways to go on, one a line, and at last a colon and what the shell is to do then, as
 * kubectl's own {@code __complete} does.
 */
@Command(name = CompleteCommand.NAME, hidden = true, description = "Complete a command line, for shells.")
final class CompleteCommand extends Common implements Callable<Integer> {

    static final String NAME = "__complete";

    /** Do not fall back to file names. */
    private static final String NO_FILES = ":4";

    private static final String FILES = ":0";

    private static final List<String> TIMES = List.of(
            "now\tthe newest moment recorded",
            "1m\ta minute ago",
            "5m\tfive minutes ago",
            "10m\tten minutes ago",
            "1h\tan hour ago",
            "24h\ta day ago");

    private static final List<String> RANGES =
            List.of("5m..now\tthe last five minutes", "10m..now\tthe last ten minutes", "1h..now\tthe last hour");

    private static final List<String> CONDITIONS = List.of(
            "condition=Available=false\ta condition of its status",
            "condition=Ready=false\ta condition of its status",
            "jsonpath={.status.phase}=Failed\ta value",
            "create\tit is created",
            "delete\tit is deleted");

    @Spec
    private CommandSpec spec;

    @Mixin
    private RecordingOption recording;

    @Parameters(arity = "0..*", description = "The words typed so far; the last one is being completed.")
    private List<String> words = List.of();

    @Override
    public Integer call() throws InterruptedException {
        List<String> typed = words.isEmpty() ? List.of("") : words;
        List<String> choices;
        String directive = NO_FILES;
        try {
            choices = complete(typed);
            if (choices == null) {
                choices = List.of();
                directive = FILES;
            }
        } catch (TraversionException | IOException e) {
            // A shell in the middle of a line is no place for errors: there is just nothing to offer.
            System.getLogger(CompleteCommand.class.getName()).log(System.Logger.Level.DEBUG, "no completion", e);
            choices = List.of();
        }
        Terminal terminal = terminal();
        choices.forEach(terminal.out()::println);
        if (choices.isEmpty() || !choices.getLast().startsWith(":")) {
            terminal.out().println(directive);
        }
        return 0;
    }

    /** The choices; null if they are files. */
    private List<String> complete(List<String> typed) throws IOException, InterruptedException {
        String last = typed.getLast();
        CommandLine root = spec.root().commandLine();
        if (typed.size() == 1) {
            List<String> commands = new ArrayList<>();
            root.getSubcommands().forEach((name, command) -> {
                if (!command.getCommandSpec().usageMessage().hidden()) {
                    commands.add(name + "\t"
                            + command.getCommandSpec()
                                    .usageMessage()
                                    .description()[0]
                                    .replaceFirst("^%n", ""));
                }
            });
            return startingWith(last, commands);
        }
        CommandLine command = root.getSubcommands().get(typed.getFirst());
        if (command == null) {
            return List.of();
        }
        List<String> before = typed.subList(1, typed.size() - 1);
        int positionals = positionals(command.getCommandSpec(), before);
        boolean isAt = typed.getFirst().equals("at");
        if (isAt && positionals > 0) {
            return kubectl(command.getCommandSpec(), typed.subList(1, typed.size()));
        }
        if (last.startsWith("-")) {
            return startingWith(last, flags(command.getCommandSpec()));
        }
        String previous = before.isEmpty() ? "" : before.getLast();
        OptionSpec option = command.getCommandSpec().findOption(previous);
        if (option != null && option.arity().max() > 0) {
            return values(typed.getFirst(), option, last);
        }
        return switch (typed.getFirst()) {
            case "at", "rewind", "console" -> positionals == 0 ? startingWith(last, TIMES) : List.of();
            case "diff", "play" -> positionals == 0 ? startingWith(last, RANGES) : List.of();
            case "open", "import", "verify", "repair", "retain", "compact", "erase" -> null;
            case "export" -> positionals == 0 ? null : startingWith(last, RANGES);
            case "completion" -> startingWith(last, List.of("bash", "zsh", "fish"));
            default -> List.of();
        };
    }

    private static List<String> values(String command, OptionSpec option, String last) {
        if (command.equals("play") && option.longestName().equals("--until")) {
            return startingWith(last, CONDITIONS);
        }
        return switch (option.longestName()) {
            case "--to", "--from", "--kubeconfig", "--kubeconfig-out" -> null;
            case "--at", "--until" -> startingWith(last, TIMES);
            case "--keep" -> startingWith(last, List.of("1d", "7d", "14d", "30d"));
            case "--keep-size", "--log-budget" -> startingWith(last, List.of("1Gi", "10Gi", "50Gi", "100Gi"));
            case "--keep-share" -> startingWith(last, List.of("50%", "80%", "90%"));
            case "--color" -> startingWith(last, List.of("auto", "always", "never"));
            case "--output" -> startingWith(last, List.of("text", "json", "yaml"));
            case "--context" ->
                startingWith(
                        last, List.copyOf(Kubeconfigs.of("", System.getenv()).contexts()));
            default -> List.of();
        };
    }

    private static List<String> flags(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .map(option ->
                        option.longestName() + "\t" + (option.description().length == 0 ? "" : option.description()[0]))
                .toList();
    }

    private static int positionals(CommandSpec command, List<String> words) {
        int count = 0;
        for (int i = 0; i < words.size(); i++) {
            OptionSpec option = command.findOption(words.get(i));
            if (option != null) {
                i += option.arity().max() > 0 ? 1 : 0;
            } else if (!words.get(i).startsWith("-") || count > 0) {
                count++;
            }
        }
        return count;
    }

    /** What kubectl itself offers, asked at the moment. */
    private List<String> kubectl(CommandSpec at, List<String> words) throws IOException, InterruptedException {
        int time = 0;
        String from = "";
        String cluster = "";
        while (time < words.size() && words.get(time).startsWith("-")) {
            OptionSpec option = at.findOption(words.get(time));
            boolean hasValue = option != null && option.arity().max() > 0 && time + 1 < words.size();
            if (hasValue && option.longestName().equals("--from")) {
                from = words.get(time + 1);
            } else if (hasValue && option.longestName().equals("--cluster")) {
                cluster = words.get(time + 1);
            }
            time += hasValue ? 2 : 1;
        }
        List<String> rest = words.subList(time + 1, words.size());
        if (rest.size() == 1) {
            return startingWith(
                    rest.getFirst(),
                    List.of(ReadVerbs.TEXT.replace(" history", "").split(", ")));
        }
        KubectlArguments arguments = new KubectlArguments(rest);
        List<String> ask = new ArrayList<>(List.of("__complete"));
        ask.addAll(rest);
        Kubeconfigs kubeconfigs = Kubeconfigs.of("", System.getenv());
        String namespace = arguments.value("-n", "--namespace");
        String context = arguments.value("", "--context");
        if (from.isEmpty() && cluster.isEmpty()) {
            Optional<ClusterPast> past = inCluster(recording, kubeconfigs, context);
            if (past.isPresent()) {
                Instant instant = past.get().resolve(TimeParser.parse(words.get(time)), recording.zone(), namespace);
                return new KubectlRun(state())
                        .output(past.get().context(instant), past.get().cache(), ask);
            }
        }
        MomentAnswer moment = servers(new Terminal(
                        System.out, new java.io.PrintStream(java.io.OutputStream.nullOutputStream()), false, false, 80))
                .ask(
                        from.isEmpty()
                                ? recording.location(state())
                                : dev.traversion.kubectl.server.Locations.absolute(from),
                        new MomentRequest(
                                words.get(time),
                                recording.zone().getId(),
                                cluster,
                                namespace,
                                context,
                                kubeconfigs.files().stream().map(Path::toString).toList(),
                                List.of()));
        return new KubectlRun(state()).output(Moments.context(moment), KubectlRun.cache(state(), moment), ask);
    }

    private static List<String> startingWith(String prefix, List<String> choices) {
        return choices.stream().filter(choice -> choice.startsWith(prefix)).toList();
    }
}
