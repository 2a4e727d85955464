/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.History;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.Recordings;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.archive.Times;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.faults.Oracle.Version;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.plugin.Plugin.Result;
import dev.traversion.e2e.plugin.Plugin.Running;
import dev.traversion.e2e.recording.Waiting;
import dev.traversion.masking.Masking;
import dev.traversion.masking.MaskingKey;
import dev.traversion.masking.MaskingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code kubectl traversion record} as a process of its own, and what it has written. */
final class RecorderProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Plugin plugin;
    private final Path directory;
    private final String to;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> options = new ArrayList<>();
    private Running running;

    /** @param to a directory, or s3://bucket/prefix */
    RecorderProcess(Path directory, ControlPlane plane, String to) {
        this.directory = directory;
        this.to = to;
        plugin = new Plugin(directory, plane.kubectl().program(), plane.kubeconfig());
        with("XDG_CACHE_HOME", directory.resolve("cache").toString());
    }

    RecorderProcess with(String name, String value) {
        environment.put(name, value);
        plugin.with(name, value);
        return this;
    }

    /** Adds options of {@code record}. */
    RecorderProcess options(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Returns when everything is listed, or resumed. */
    void start() throws Exception {
        launch();
        running.awaitText("first lists complete");
    }

    /** Returns at once. */
    void launch() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("record", "--to", to));
        arguments.addAll(options);
        running = plugin.start(arguments.toArray(String[]::new));
    }

    void signal(String name) throws Exception {
        running.signal(name);
    }

    void kill() throws Exception {
        signal("KILL");
        running.process().waitFor();
    }

    boolean isAlive() {
        return running.process().isAlive();
    }

    /** Ctrl-C: it seals what it has, and ends. */
    void end() throws Exception {
        signal("INT");
        running.await().succeeds();
    }

    /** The name of its log. */
    String name(Store store) throws IOException {
        return Files.readString(directory
                        .resolve("state/writers")
                        .resolve(Recordings.onlyCluster(store))
                        .resolve("name"))
                .strip();
    }

    /** Runs another command of the plugin with the same state. */
    Plugin.Result run(String... arguments) throws Exception {
        return plugin.run(arguments);
    }

    /** When a type changed last. */
    Instant lastChange(ResourceType type) throws IOException {
        try (Store store = store();
                History recording = open(store)) {
            return Times.instant(recording.lastChange(type).orElseThrow());
        }
    }

    Running running() {
        return running;
    }

    /** What {@code verify} says of all of it. */
    Result verify() throws Exception {
        return plugin.run("verify", to);
    }

    /** With the key that the recorder made for itself. */
    Masking masking() {
        return new Masking(MaskingRules.base(), MaskingKey.load(directory.resolve("state/masking.key")));
    }

    Store store() {
        return Stores.open(to, environment);
    }

    /** The recording as it is now; only what the store has. */
    History open(Store store) throws IOException {
        long mebibytes = 64L << 20;
        return Recording.open(
                store,
                Recordings.onlyCluster(store),
                new RecordingOptions(directory.resolve("parts"), mebibytes, mebibytes, mebibytes));
    }

    /** Waits until it holds the newest version of each type. */
    void awaitRecorded(List<Version> versions) throws Exception {
        try (Store store = store();
                History recording = open(store)) {
            Waiting.until(PATIENCE, "the newest versions are recorded", () -> {
                assertThat(isAlive()).as("the recorder runs").isTrue();
                recording.refresh();
                return Oracle.types().stream().allMatch(type -> versions.stream()
                        .filter(each -> each.key().type().equals(type))
                        .map(each -> Long.toString(each.revision()))
                        .reduce((_, last) -> last)
                        .map(last ->
                                ResourceVersions.compare(recording.resourceVersion(type, recording.end()), last) >= 0)
                        .orElse(true));
            });
        }
    }

    Verdict judge(Oracle oracle, List<Version> expected) throws IOException {
        try (Store store = store();
                History recording = open(store)) {
            return Verdict.of(recording, oracle, expected, masking());
        }
    }

    @Override
    public void close() throws IOException {
        if (running != null) {
            running.close();
        }
        plugin.close();
    }
}
