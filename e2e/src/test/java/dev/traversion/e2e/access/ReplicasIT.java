/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.e2e.cluster.ControlPlane;
import dev.traversion.e2e.cluster.UsesControlPlane;
import dev.traversion.e2e.plugin.Plugin;
import dev.traversion.e2e.recording.Waiting;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several servers of one past, as processes: each has a chain of its own in the record of who read what. */
@Tag("access")
@UsesControlPlane
class ReplicasIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void whatAKilledReplicaHasAnsweredIsOnRecord(ControlPlane plane, @TempDir Path directory) throws Exception {
        try (GuardedPast past = new GuardedPast(plane, directory)) {
            past.tenant("crowd", "asked-by-many");
            past.moment();
            ask(plane, directory, past);
        }
    }

    private static void ask(ControlPlane plane, Path directory, GuardedPast past) throws Exception {
        String bearer = "Bearer " + past.token("crowd");
        Path place = Files.createDirectory(directory.resolve("replicas"));
        Queue<String> answered = new ConcurrentLinkedQueue<>();
        AtomicInteger unanswered = new AtomicInteger();
        try (Plugin plugin = new Plugin(place, plane.kubectl().program(), plane.kubeconfig());
                Plugin.Running one = past.replica(plugin, "one");
                Plugin.Running other = past.replica(plugin, "other")) {
            AtomicBoolean enough = new AtomicBoolean();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (Plugin.Running server : List.of(one, other, one, other)) {
                RawClient client = new RawClient(port(server), "/clusters/" + past.cluster());
                int number = clients.size();
                clients.add(CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; !enough.get(); i++) {
                                String question = "/at/now/api/v1/namespaces/crowd/configmaps?labelSelector=client!="
                                        + number + "-" + i;
                                try {
                                    if (client.get(question, "Authorization", bearer)
                                            .startsWith("200")) {
                                        answered.add(question);
                                    }
                                } catch (UncheckedIOException e) {
                                    unanswered.incrementAndGet();
                                    return;
                                }
                            }
                        },
                        Thread::startVirtualThread));
            }
            Waiting.until(PATIENCE, "both answer", () -> answered.size() > 60);
            one.signal("KILL");
            int before = answered.size();
            Waiting.until(
                    PATIENCE,
                    "one is gone, the other goes on",
                    () -> unanswered.get() > 0 && answered.size() > before + 20);
            enough.set(true);
            clients.forEach(CompletableFuture::join);

            Plugin.Result audit = plugin.run("audit", past.recording().toString(), "-o", "json");
            assertThat(audit.status()).as("the chains hold: %s", audit.err()).isZero();
            Set<String> onRecord = new HashSet<>();
            for (String line : audit.out().lines().toList()) {
                JsonNode read = new ObjectMapper().readTree(line);
                if (read.path("allowed").asBoolean()) {
                    onRecord.add(read.path("request").asText());
                }
            }
            assertThat(onRecord)
                    .containsAll(answered.stream()
                            .map(question -> "/clusters/" + past.cluster() + question)
                            .toList());
        }
    }

    private static int port(Plugin.Running server) throws Exception {
        server.awaitText(" on port ");
        Matcher port = Pattern.compile(" on port (\\d+)").matcher(Files.readString(server.err()));
        assertThat(port.find()).isTrue();
        return Integer.parseInt(port.group(1));
    }
}
