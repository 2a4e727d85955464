/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.incluster;

import dev.traversion.kubectl.kubeconfig.Kubeconfigs;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** kubectl on the live cluster, with whatever credentials the user has there: this plugin never sees them. */
final class LiveKubectl {

    private final Path program;
    private final Kubeconfigs files;
    private final Optional<String> context;

    /** What kubectl said. */
    record Said(int status, String out, String err) {

        /** The first line of what it complained of. */
        String complaint() {
            return err.lines().findFirst().orElse("it said nothing").replaceFirst("^error: ", "");
        }
    }

    /** @param context {@code ""} for the current one, or, if that is a moment, the one from which the user went there */
    LiveKubectl(Path program, Kubeconfigs files, String context) {
        this.program = program;
        this.files = files;
        this.context = context.isEmpty() ? files.liveContext() : Optional.of(context);
    }

    /** The context it goes to; empty if the kubeconfig says nothing. */
    Optional<String> context() {
        return context;
    }

    /** The default namespace there; {@code ""} if there is none. */
    String namespace() {
        return files.namespace(context.orElse("")).orElse("");
    }

    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        context.ifPresent(name -> command.addAll(List.of("--context", name)));
        command.addAll(List.of(arguments));
        return command;
    }

    Map<String, String> environment() {
        return Map.of(
                "KUBECONFIG",
                String.join(
                        File.pathSeparator,
                        files.files().stream().map(Path::toString).toList()));
    }

    Said run(String input, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments));
        builder.environment().putAll(environment());
        Process process = builder.start();
        byte[][] err = {new byte[0]};
        Thread errors = Thread.ofVirtual().start(() -> {
            try {
                err[0] = process.getErrorStream().readAllBytes();
            } catch (IOException e) {
                err[0] = e.toString().getBytes(StandardCharsets.UTF_8);
            }
        });
        try {
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            errors.join();
            return new Said(status, out, new String(err[0], StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("kubectl was interrupted", e);
        }
    }
}
