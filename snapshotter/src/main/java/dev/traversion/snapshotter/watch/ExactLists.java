/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.traversion.archive.ObjectKey;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiReads;
import dev.traversion.snapshotter.api.RefusedException;
import dev.traversion.snapshotter.discovery.ServedResource;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a resource was at earlier revisions of etcd. The API server answers it exactly as long as etcd has not compacted them, also
 * after a restart, when its watch cache is empty.
 *
 * <p>All methods throw a {@link RefusedException} that {@linkplain RefusedException#isGone() is gone} once a revision is compacted.
 */
final class ExactLists {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BODIES = "application/json";
    private static final String METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    private static final int PAGE = 500;

    private final ServedResource resource;
    private final ApiReads server;

    ExactLists(ServedResource resource, ApiReads server) {
        this.resource = resource;
        this.server = server;
    }

    /** The revision of a list made now. */
    long now() throws IOException, InterruptedException {
        return revision(get(resource.path() + "?limit=1", METADATA));
    }

    /** How many objects there were. */
    long count(long revision) throws IOException, InterruptedException {
        JsonNode list = JSON.readTree(
                get(resource.path() + "?limit=1&" + exactly(revision), METADATA).body());
        return list.path("items").size()
                + list.path("metadata").path("remainingItemCount").asLong(0);
    }

    /** The objects there were, without their bodies. */
    Map<ObjectKey, ObjectMetadata> objects(long revision) throws IOException, InterruptedException {
        Map<ObjectKey, ObjectMetadata> objects = new HashMap<>();
        String rest = exactly(revision);
        while (!rest.isEmpty()) {
            Answer answer = get(resource.path() + "?limit=" + PAGE + "&" + rest, METADATA);
            String next = read(answer, (object, offset, length) -> {
                        ObjectMetadata metadata = ObjectMetadata.read(object, offset, length);
                        objects.put(key(metadata), metadata);
                    })
                    .continuation();
            // A token holds the revision.
            rest = next.isEmpty() ? "" : "continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        }
        return objects;
    }

    /** An object without its body; null if it did not exist. */
    ObjectMetadata object(ObjectKey key, long revision) throws IOException, InterruptedException {
        ObjectMetadata[] found = {null};
        read(get(path(key, revision), METADATA), (object, offset, length) -> {
            found[0] = ObjectMetadata.read(object, offset, length);
        });
        return found[0];
    }

    /** An object as a watch would have delivered it; null if it did not exist. */
    byte[] body(ObjectKey key, long revision) throws IOException, InterruptedException {
        byte[][] found = {null};
        read(get(path(key, revision), BODIES), (object, offset, length) -> {
            found[0] = new byte[length];
            System.arraycopy(object, offset, found[0], 0, length);
        });
        return found[0];
    }

    private String path(ObjectKey key, long revision) {
        return resource.path(key.namespace()) + "?fieldSelector=metadata.name%3D"
                + URLEncoder.encode(key.name(), StandardCharsets.UTF_8) + "&" + exactly(revision);
    }

    private static String exactly(long revision) {
        return "resourceVersionMatch=Exact&resourceVersion=" + revision;
    }

    private Answer get(String path, String accept) throws IOException, InterruptedException {
        return server.get(path, accept).orFail();
    }

    private ListPage read(Answer answer, ListPage.Items items) throws IOException, InterruptedException {
        try {
            return ListPage.read(answer.body(), resource, items);
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private long revision(Answer answer) throws IOException, InterruptedException {
        String version = read(answer, (object, offset, length) -> {}).resourceVersion();
        try {
            return Long.parseLong(version);
        } catch (NumberFormatException e) {
            throw new IOException("the list of " + resource.type() + " has the version \"" + version + "\"", e);
        }
    }

    private ObjectKey key(ObjectMetadata metadata) {
        return new ObjectKey(resource.type(), metadata.namespace(), metadata.name());
    }
}
