/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The packaged plugin, run as users run it, with a state directory of its own. */
public final class Plugin implements AutoCloseable {

    private static final Path MODULE = Path.of(System.getProperty("traversion.root"), "kubectl-traversion");
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern PID = Pattern.compile("(?m)^pid=(\\d+)$");

    /** What a command left behind. */
    public record Result(int status, String out, String err) {
        /** The failure as a sentence for people, with the status that goes with it. */
        public Result failsWith(String sentence) {
            assertThat(err).contains(sentence).doesNotContain("\tat ", "Exception in");
            assertThat(status).as(err).isNotZero();
            return this;
        }

        public Result succeeds() {
            assertThat(status).as("%s%n%s", out, err).isZero();
            return this;
        }
    }

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private int runs;

    /** @param kubectl the program the plugin runs */
    public Plugin(Path directory, Path kubectl, Path kubeconfig) {
        this.directory = directory;
        environment.put("KUBECTL", kubectl.toString());
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("TRAVERSION_STATE_DIR", directory.resolve("state").toString());
        environment.put("PATH", bin() + ":" + kubectl.getParent() + ":" + System.getenv("PATH"));
    }

    public static Path bin() {
        return MODULE.resolve("target/dist/bin");
    }

    public static Path jar() {
        return MODULE.resolve("target/kubectl-traversion.jar");
    }

    /** Adds a variable to the environment of what runs from now on. */
    public Plugin with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Result run(String... arguments) throws IOException, InterruptedException {
        return execute(bin().resolve("kubectl-traversion").toString(), arguments);
    }

    /** Runs any program in the same environment. */
    public Result execute(String program, String... arguments) throws IOException, InterruptedException {
        Running running = begin(program, arguments);
        return running.await();
    }

    public Running start(String... arguments) throws IOException {
        return begin(bin().resolve("kubectl-traversion").toString(), arguments);
    }

    private Running begin(String program, String... arguments) throws IOException {
        Running running = startWithKeys(program, arguments);
        running.process().getOutputStream().close();
        return running;
    }

    /** Starts any program in the same environment, with its input open. */
    public Running startWithKeys(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out-" + ++runs);
        Path err = directory.resolve("err-" + runs);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        return new Running(process, out, err);
    }

    /** A command that has not ended yet. */
    public record Running(Process process, Path out, Path err) implements AutoCloseable {

        public Running awaitText(String text) throws IOException, InterruptedException {
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (!(Files.readString(err) + Files.readString(out)).contains(text)) {
                assertThat(process.isAlive())
                        .as("it ended: %s", Files.readString(err))
                        .isTrue();
                assertThat(System.nanoTime() - limit)
                        .as("no \"%s\" in %s", text, Files.readString(err))
                        .isNegative();
                Thread.sleep(Duration.ofMillis(50));
            }
            return this;
        }

        public Running signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            return this;
        }

        public Result await() throws IOException, InterruptedException {
            boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
            }
            Result result = new Result(ended ? process.exitValue() : -1, Files.readString(out), Files.readString(err));
            assertThat(ended).as("ends by itself; it said: %s", result).isTrue();
            return result;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    /** Ends what runs in the background: servers, and the ways to servers in clusters. */
    @Override
    public void close() throws IOException {
        for (String folder : List.of("servers", "incluster")) {
            end(directory.resolve("state").resolve(folder));
        }
    }

    private static void end(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".properties"))
                    .toList()) {
                Matcher pid = PID.matcher(Files.readString(file));
                if (pid.find()) {
                    ProcessHandle.of(Long.parseLong(pid.group(1))).ifPresent(process -> {
                        process.destroy();
                        process.onExit().join();
                    });
                }
            }
        }
    }
}
