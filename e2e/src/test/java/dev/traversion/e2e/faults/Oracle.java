/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.ResourceType;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What really happened, from those who know: etcd's own history from its first revision on says which versions there were, and the API
 * server's answers to writes say what was in them. Nothing of Traversion takes part. The history is read when it is asked for, so that it
 * costs the changes nothing; the API servers of these tests compact nothing by themselves.
 */
final class Oracle implements AutoCloseable {

    static final ResourceType CONFIG_MAPS = new ResourceType("", "configmaps");
    static final ResourceType SECRETS = new ResourceType("", "secrets");
    static final ResourceType LEASES = new ResourceType("coordination.k8s.io", "leases");
    static final ResourceType WIDGETS = new ResourceType("faults.test", "widgets");

    /** Where the API server keeps the types that are looked at; all of them have namespaces. */
    private static final Map<String, ResourceType> PLACES = Map.of(
            "/registry/configmaps/", CONFIG_MAPS,
            "/registry/secrets/", SECRETS,
            "/registry/leases/", LEASES,
            "/registry/faults.test/widgets/", WIDGETS);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern RESOURCE_VERSION = Pattern.compile("\"resourceVersion\":\"(\\d+)\"");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    // The byte 0, as etcd's gateway wants it: from the first key to the last.
    private static final String ALL_KEYS = "\"key\":\"AA==\",\"range_end\":\"AA==\"";

    /**
     * One version of one object.
     *
     * @param revision of etcd, which is the resourceVersion
     */
    record Version(ObjectKey key, long revision, Operation operation) {

        @Override
        public String toString() {
            return key + " " + operation + " " + revision;
        }
    }

    private final URI etcd;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final List<Version> versions = new ArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private volatile long newest;

    Oracle(URI etcd) {
        this.etcd = etcd;
    }

    static List<ResourceType> types() {
        return PLACES.values().stream().sorted().toList();
    }

    static String versionOf(String body) {
        Matcher version = RESOURCE_VERSION.matcher(body);
        if (!version.find()) {
            throw new IllegalArgumentException("no resourceVersion in " + body);
        }
        return version.group(1);
    }

    /** What the API server answered to a create or an update. */
    void answered(ObjectKey key, String body) {
        answers.put(key + " " + versionOf(body), body.strip());
    }

    /** What a version holds; empty if nobody was told, or it is a deletion. */
    Optional<String> body(Version version) {
        return version.operation() == Operation.DELETED
                ? Optional.empty()
                : Optional.ofNullable(answers.get(version.key() + " " + version.revision()));
    }

    /** etcd's revision now. */
    long revision() throws Exception {
        HttpResponse<String> answer =
                client.send(request("/v3/kv/range", "{\"key\":\"AA==\",\"limit\":1}"), BodyHandlers.ofString());
        return JSON.readTree(answer.body()).path("header").path("revision").asLong();
    }

    /** Makes etcd forget everything before now, as it does every few minutes; the oracle has seen it. */
    void compact() throws Exception {
        long now = revision();
        read(now);
        HttpResponse<String> answer = client.send(
                request("/v3/kv/compaction", "{\"revision\":\"" + now + "\",\"physical\":true}"),
                BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("etcd does not compact: " + answer.body());
        }
    }

    /** All versions after a revision, oldest first. */
    List<Version> since(long revision) throws Exception {
        read(revision());
        return versions.stream().filter(each -> each.revision() > revision).toList();
    }

    /** Up to a revision that etcd has told. An etcd that goes away meanwhile is asked again from where it ended. */
    private void read(long revision) throws InterruptedException {
        Thread reading = Thread.ofVirtual().name("oracle").start(() -> {
            while (newest < revision) {
                String from = "{\"create_request\":{" + ALL_KEYS + ",\"start_revision\":\"" + (newest + 1) + "\"}}";
                try (Stream<String> lines = client.send(request("/v3/watch", from), BodyHandlers.ofLines())
                        .body()) {
                    for (Iterator<String> line = lines.iterator(); newest < revision && line.hasNext(); ) {
                        read(line.next());
                    }
                } catch (IOException | RuntimeException e) {
                    LockSupport.parkNanos(200_000_000);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
        if (!reading.join(PATIENCE)) {
            reading.interrupt();
            throw new IllegalStateException("etcd told its history up to revision " + newest + " only, not to "
                    + revision + ", in " + PATIENCE);
        }
    }

    private void read(String line) {
        try {
            for (JsonNode event : JSON.readTree(line).path("result").path("events")) {
                JsonNode object = event.path("kv");
                long revision = object.path("mod_revision").asLong();
                Operation operation = event.path("type").asText().equals("DELETE")
                        ? Operation.DELETED
                        : object.path("create_revision").asLong() == revision ? Operation.ADDED : Operation.MODIFIED;
                String key =
                        new String(Base64.getDecoder().decode(object.path("key").asText()), StandardCharsets.UTF_8);
                add(key, revision, operation);
                newest = revision;
            }
        } catch (IOException e) {
            throw new IllegalStateException("etcd said " + line, e);
        }
    }

    private void add(String etcdKey, long revision, Operation operation) {
        PLACES.forEach((place, type) -> {
            if (etcdKey.startsWith(place)) {
                String[] path = etcdKey.substring(place.length()).split("/", 2);
                versions.add(new Version(new ObjectKey(type, path[0], path[1]), revision, operation));
            }
        });
    }

    URI etcd() {
        return etcd;
    }

    private HttpRequest request(String path, String body) {
        return HttpRequest.newBuilder(etcd.resolve(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
