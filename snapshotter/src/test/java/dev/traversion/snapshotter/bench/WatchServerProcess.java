/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.bench;

import dev.traversion.snapshotter.testing.KeyPairFile;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/** A {@link WatchServer} in a JVM of its own. */
final class WatchServerProcess implements AutoCloseable {

    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;
    private final int port;
    private final KeyPairFile key;

    /** @param directory for its key */
    WatchServerProcess(Path directory) throws IOException, InterruptedException {
        key = KeyPairFile.create(directory, "server");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx3g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WatchServer.class.getName(),
                        key.file().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(answer().getLast());
    }

    private List<String> answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the server of the benchmark ended");
        }
        return List.of(line.split(" "));
    }

    /** Prepares objects and changes; returns how many objects there are. */
    int load(int objects, int changes, int rate) throws IOException {
        commands.println("load " + objects + " " + changes + " " + rate);
        return Integer.parseInt(answer().get(1));
    }

    void go() {
        commands.println("go");
    }

    Config config() throws IOException, GeneralSecurityException {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + port)
                .withCaCertData(key.certificateData())
                .withOauthToken("benchmark")
                .build();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
