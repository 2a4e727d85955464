/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.testing.Seed;
import dev.traversion.e2e.cluster.Cluster;
import dev.traversion.e2e.cluster.Namespace;
import dev.traversion.e2e.cluster.UsesCluster;
import dev.traversion.e2e.differential.RandomObjects.Kind;
import dev.traversion.e2e.differential.RandomObjects.Step;
import dev.traversion.e2e.recording.ApiClient;
import dev.traversion.e2e.recording.ApiClient.Answer;
import dev.traversion.e2e.recording.LiveRecording;
import dev.traversion.masking.Masking;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise of an exact past, held against the only authority on it: the API server's own lists at exact versions, which it can
 * give as long as etcd is not compacted.
 */
@Tag("differential")
@UsesCluster
class ExactPastIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int STEPS = 2_500;
    private static final int OBJECTS = 200;
    private static final int MOMENTS = 50;

    @Test
    void everyMomentListsWhatTheServerListedAtThoseVersions(
            Cluster cluster, Namespace namespace, @TempDir Path directory) throws Exception {
        long seed = Seed.take();
        // Small parts, so that moments lie in several of them and in the tail.
        WriterOptions options = new WriterOptions(
                "differential",
                directory.resolve("state"),
                600,
                0,
                1_000_000,
                Duration.ofHours(1),
                256L << 20,
                16L << 30,
                Duration.ofSeconds(5),
                Clock.systemUTC());
        try (ApiClient live = new ApiClient(cluster.kubeconfig());
                CustomResources definitions = CustomResources.create(cluster.kubectl());
                LiveRecording recording = new LiveRecording(cluster.kubeconfig(), directory, seed, options);
                ApiClient past = new ApiClient(recording.kubeconfig())) {
            definitions.awaitServed(past);
            Instant start = Instant.now();
            carryOut(new RandomObjects(seed, OBJECTS), live, namespace.name());
            Instant end = Instant.now();
            Thread.sleep(Duration.ofSeconds(2));
            assertThat(recording.writer().progress().sealedParts()).isGreaterThan(1);

            Random random = new Random(seed);
            for (int i = 0; i < MOMENTS; i++) {
                Instant moment = start.plusNanos(
                        random.nextLong(Duration.between(start, end).toNanos()));
                for (Kind kind : RandomObjects.KINDS) {
                    compare(live, past, moment, kind, namespace.name(), recording.masking());
                }
            }
        }
    }

    private static void carryOut(RandomObjects objects, ApiClient live, String namespace) throws Exception {
        int carriedOut = 0;
        for (int i = 0; i < STEPS; i++) {
            Step step = objects.next();
            String list = RandomObjects.fill(step.kind().path(), namespace, step.name(), step.number());
            String object = list + "/" + step.name();
            Answer answer =
                    switch (step.action()) {
                        case CREATE ->
                            live.send(
                                    "POST",
                                    "application/json",
                                    list,
                                    RandomObjects.fill(step.kind().manifest(), namespace, step.name(), step.number()));
                        case CHANGE ->
                            live.send(
                                    "PATCH",
                                    "application/merge-patch+json",
                                    object,
                                    RandomObjects.fill(step.kind().change(), namespace, step.name(), step.number()));
                        case DELETE ->
                            live.send(
                                    "DELETE",
                                    "application/json",
                                    object,
                                    "{\"propagationPolicy\":\"Background\",\"gracePeriodSeconds\":0}");
                    };
            // An object may still be going away, or may have been removed by a controller.
            assertThat(answer.status())
                    .as("%s %s: %s", step.action(), object, answer.body())
                    .isIn(200, 201, 202, 404, 409);
            carriedOut += answer.status() < 300 ? 1 : 0;
        }
        assertThat(carriedOut).as("steps carried out").isGreaterThan(STEPS / 2);
    }

    private static void compare(
            ApiClient live, ApiClient past, Instant moment, Kind kind, String namespace, Masking masking)
            throws Exception {
        String path = kind.path().replace("%NAMESPACE%", namespace);
        Answer then = past.getAt(moment, path);
        assertThat(then.status()).as("%s at %s: %s", path, moment, then.body()).isEqualTo(200);
        String version = JSON.readTree(then.body())
                .path("metadata")
                .path("resourceVersion")
                .asText();
        Answer exact = live.get(path + "?resourceVersion=" + version + "&resourceVersionMatch=Exact");
        assertThat(exact.status())
                .as("%s at %s: %s", path, version, exact.body())
                .isEqualTo(200);
        assertThat(then.body())
                .as("%s at %s, version %s", path, moment, version)
                .isEqualTo(masked(exact.body(), path, masking));
    }

    /** Masks the items of a list one by one, as the recorder did, leaving all between them as it is. */
    private static String masked(String list, String path, Masking masking) throws Exception {
        String resource = path.substring(path.lastIndexOf('/') + 1);
        String group = path.startsWith("/api/") ? "" : path.split("/")[2];
        ResourceType type = new ResourceType(group, resource);
        StringBuilder masked = new StringBuilder();
        int from = 0;
        for (int[] item : Items.of(list)) {
            byte[] body = list.substring(item[0], item[1]).getBytes(StandardCharsets.UTF_8);
            masked.append(list, from, item[0]).append(new String(masking.apply(type, body), StandardCharsets.UTF_8));
            from = item[1];
        }
        return masked.append(list, from, list.length()).toString();
    }
}
