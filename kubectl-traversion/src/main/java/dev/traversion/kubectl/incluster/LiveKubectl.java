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

/** kubectl on the live cluster, with whatever credentials the user has there: this plugin never sees them. */
final class LiveKubectl {

    private final Path program;
    private final Kubeconfigs files;

    /** What kubectl said. */
    record Said(int status, String out, String err) {

        /** The first line of what it complained of. */
        String complaint() {
            return err.lines().findFirst().orElse("it said nothing").replaceFirst("^error: ", "");
        }
    }

    LiveKubectl(Path program, Kubeconfigs files) {
        this.program = program;
        this.files = files;
    }

    /** The command line; it goes to the context from which the user went to the past, if they are there. */
    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        files.liveContext().ifPresent(context -> command.addAll(List.of("--context", context)));
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
