/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.bench;

import dev.traversion.daemonset.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The agent as the image starts it, without a limit for a control group: the load comes from one. */
final class AgentProcess extends Observer {

    private final Path directory;
    private final int port;

    private AgentProcess(Process process, Path directory, int port) {
        super(process);
        this.directory = directory;
        this.port = port;
    }

    /**
     * @param options of the runtime, beside those that it needs
     * @param more arguments of the agent
     */
    static AgentProcess start(List<String> options, String... more) throws IOException {
        Path directory = Files.createTempDirectory("traversion-agent");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = java(options, Main.class);
        command.addAll(List.of("--to", directory.toString(), "--node", "bench", "--port", Integer.toString(port)));
        command.addAll(List.of("--events-per-second", Integer.toString(Integer.MAX_VALUE)));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).start();
        BufferedReader said = process.errorReader();
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); ; line = said.readLine()) {
            if (line == null) {
                throw new IOException("the agent ended:\n" + all);
            }
            all.append(line).append('\n');
            if (line.contains("records into")) {
                return new AgentProcess(process, directory, port);
            }
        }
    }

    /** A program of these benchmarks, started by this runtime. */
    static List<String> java(List<String> options, Class<?> program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        return command;
    }

    /** The sum of a counter over all types of events. */
    long counter(String name) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{"))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        delete(directory);
    }
}
