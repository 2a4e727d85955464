/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.traversion.archive.Change;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.plugin.Plugin.Result;
import dev.traversion.e2e.plugin.Plugin.Running;
import dev.traversion.e2e.recording.Waiting;
import dev.traversion.e2e.snapshotter.Recorder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A canary wherever a secret can hide: after recording it is nowhere. */
@Tag("faults")
@UsesControlPlane
class CanaryIT {

    private static final Pattern METRICS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/metrics");

    @TempDir
    private Path directory;

    private ControlPlane plane;

    @BeforeEach
    void start() {
        plane = ControlPlane.start(new String[] {"--disable-admission-plugins=ServiceAccount"});
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private static Canary canary() {
        long seed = Seed.take();
        return new Canary("c4n4ry" + Long.toUnsignedString(new Random(seed).nextLong(), 36));
    }

    @Test
    void whatIsSecretIsInNoFileNoAnswerAndNoMessage() throws Exception {
        Canary canary = canary();
        HidingPlaces places = new HidingPlaces(plane.kubectl(), canary.text());
        String to = directory.resolve("prod").toString();
        List<String> found = new ArrayList<>();
        try (Plugin plugin = new Plugin(directory, plane.kubectl().program(), plane.kubeconfig())) {
            places.fill("zero");
            Canary token = new Canary(places.issueToken());
            try (Running record = plugin.start("record", "--to", to, "--metrics-port", "0")) {
                record.awaitText("first lists complete");
                places.fill("one");
                Waiting.until(Duration.ofSeconds(60), "the last change is recorded", () -> plugin.run(
                                "at", "now", "get", "widgets", "-o", "yaml")
                        .out()
                        .contains("round: one"));
                found.addAll(canary.findIn(metrics(record), "metrics"));
                found.addAll(canary.findIn(directory));
                record.signal("INT").await().succeeds();
            }
            for (String[] command : new String[][] {
                {"at", "now", "get", "secrets,configmaps,pods,events,widgets,csr", "-o", "yaml", "--show-managed-fields"
                },
                {"at", "now", "get", "crds", "-o", "json"},
                {"at", "now", "describe", "configmaps,pods,events,secrets,csr"},
                {"at", "now", "explain", "widgets.spec", "--recursive"},
                {"diff", "10m", "now", "-o", "yaml"},
                {"diff", "10m", "now"},
                {"timeline", "-n", "default"},
                {"status"},
                {"audit"},
                {"verify", to},
                {"export", directory.resolve("all.trv").toString()},
                {"at", "now", "get", "configmaps", "nothing-of-this-name"},
            }) {
                Result result = plugin.run(command);
                found.addAll(canary.findIn(result.out() + result.err(), String.join(" ", command)));
            }
            assertThat(plugin.run("at", "now", "get", "configmap", "canary", "-o", "jsonpath={.data.url}")
                            .out())
                    .as("only the secret is gone")
                    .matches("postgres://shop:hmac:[0-9a-f:]+@db:5432/shop");
            found.addAll(canary.findIn(directory));
            found.addAll(token.findIn(directory));
        }
        assertThat(found).isEmpty();
        assertThat(canary.compressed()).as("what was unpacked to search it").isGreaterThan(50);
    }

    /** A masker that misses one object is found out: in the log, and in the part it becomes. */
    @Test
    void aMaskerThatMissesOneIsFoundOut() throws Exception {
        Canary canary = canary();
        new HidingPlaces(plane.kubectl(), canary.text()).fill("zero");
        Path recording = directory.resolve("careless");
        try (Store store = new FileStore(recording);
                RecordingWriter writer =
                        RecordingWriter.open(store, "cluster", WriterOptions.of("test", directory.resolve("state")))) {
            ForwardingSink careless = new ForwardingSink(writer) {
                @Override
                public void append(Change change) throws InterruptedException {
                    boolean isMissed = change.key().name().equals("canary")
                            && change.key().type().equals(Recorder.CONFIG_MAPS);
                    super.append(isMissed ? withCanary(change, canary) : change);
                }
            };
            try (Recorder recorder = new Recorder(plane.kubeconfig(), careless)) {
                assertThat(recorder.snapshotter().failure()).isEmpty();
                writer.synced().join();
                assertThat(canary.findIn(recording)).as("the log").isNotEmpty();
            }
        }
        assertThat(canary.findIn(recording))
                .as("the part")
                .anyMatch(place -> place.contains(".parquet") && place.contains("base64, alignment"));
    }

    private static Change withCanary(Change change, Canary canary) {
        String body = new String(change.body(), StandardCharsets.UTF_8);
        Matcher token = Pattern.compile("hmac:[0-9a-f:]{32,}").matcher(body);
        String missed = token.replaceFirst(HidingPlaces.base64("x" + canary.text()));
        return new Change(
                change.key(),
                change.kind(),
                change.uid(),
                change.resourceVersion(),
                change.observedAt(),
                change.operation(),
                missed.getBytes(StandardCharsets.UTF_8));
    }

    private static String metrics(Running record) throws Exception {
        Matcher url = METRICS.matcher(Files.readString(record.err()));
        assertThat(url.find()).isTrue();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url.group())).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
