/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.live;

import dev.traversion.archive.History;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.ObjectVersion;
import dev.traversion.archive.Operation;
import dev.traversion.archive.denial.Omissions;
import dev.traversion.archive.part.RawVersion;
import dev.traversion.masking.Masking;
import dev.traversion.snapshotter.api.Answer;
import dev.traversion.snapshotter.api.ApiServer;
import dev.traversion.snapshotter.discovery.ServedResource;
import dev.traversion.snapshotter.watch.ListPage;
import dev.traversion.snapshotter.watch.ObjectMetadata;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares one list of the API server with the recording. Memory holds a page, and a hash for each object. */
final class ExactComparison {

    private static final int PAGE = 250;
    private static final String JSON = "application/json";
    private static final String METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

    private final ApiServer server;
    private final History history;
    private final Masking masking;

    /** Of what was erased by now: it may be in the cluster still. */
    private Omissions omissions;

    /**
     * @param objects of the server's list
     * @param differences a sentence each
     */
    record Result(long objects, List<String> differences) {}

    private record Listed(String version, byte[] hash) {}

    ExactComparison(ApiServer server, History history, Masking masking) {
        this.server = server;
        this.history = history;
        this.masking = masking;
    }

    /** The version of a list made now. */
    String versionNow(ServedResource resource) throws IOException, InterruptedException {
        return read(get(resource.path() + "?limit=1", METADATA), resource, (object, offset, length) -> {})
                .resourceVersion();
    }

    /**
     * Compares the list at a version with the recording at a time.
     *
     * @throws dev.traversion.snapshotter.api.RefusedException if etcd does not have the version any more, for one
     */
    Result compare(ServedResource resource, String version, long time) throws IOException, InterruptedException {
        omissions = history.files().omissions();
        Map<ObjectKey, Listed> listed = list(resource, version, time);
        long objects = listed.size();
        String where = " at version " + version + " (" + LiveCheck.text(time) + ") ";
        List<String> differences = new ArrayList<>();
        history.list(resource.type(), "", null, time, recorded -> {
            Listed real = listed.remove(recorded.key());
            if (real == null) {
                differences.add(recorded.key() + where + "is in the recording, with version "
                        + recorded.resourceVersion() + ", and was not in the cluster.");
            } else if (!real.version.equals(recorded.resourceVersion())) {
                differences.add(recorded.key() + where + "has version " + recorded.resourceVersion()
                        + " in the recording, and had " + real.version + " in the cluster.");
            } else if (!isSame(real, recorded)) {
                differences.add(recorded.key() + where + "has other bytes in the recording than in the cluster, with"
                        + " the same version. If the recording was made with another masking key or more rules, that"
                        + " is why.");
            }
            return true;
        });
        listed.forEach((key, real) -> differences.add(
                key + where + "is missing in the recording; in the cluster it had version " + real.version + "."));
        return new Result(objects, differences);
    }

    /** Also if rules that came later mask more than was masked then. */
    private boolean isSame(Listed real, ObjectVersion recorded) throws IOException {
        byte[] body = recorded.body();
        return Arrays.equals(real.hash, hash(body)) || Arrays.equals(real.hash, hash(masked(recorded.key(), body)));
    }

    private byte[] masked(ObjectKey key, byte[] body) throws IOException {
        return masking.in(key.namespace()).apply(key.type(), body);
    }

    private Map<ObjectKey, Listed> list(ServedResource resource, String version, long time)
            throws IOException, InterruptedException {
        Map<ObjectKey, Listed> objects = new HashMap<>();
        String rest = "resourceVersionMatch=Exact&resourceVersion=" + version;
        while (!rest.isEmpty()) {
            Answer answer = get(resource.path() + "?limit=" + PAGE + "&" + rest, JSON);
            String next = read(answer, resource, (object, offset, length) -> {
                        ObjectMetadata metadata = ObjectMetadata.read(object, offset, length);
                        ObjectKey key = new ObjectKey(resource.type(), metadata.namespace(), metadata.name());
                        byte[] body = masked(key, Arrays.copyOfRange(object, offset, offset + length));
                        ObjectVersion allowed = omissions.of(new RawVersion(
                                key,
                                metadata.kind(),
                                metadata.uid(),
                                metadata.resourceVersion(),
                                time,
                                Long.MAX_VALUE,
                                Operation.MODIFIED,
                                body));
                        if (allowed != null) {
                            objects.put(key, new Listed(metadata.resourceVersion(), hash(allowed.body())));
                        }
                    })
                    .continuation();
            // A token holds the version.
            rest = next.isEmpty() ? "" : "continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        }
        return objects;
    }

    private Answer get(String path, String accept) throws IOException, InterruptedException {
        return server.get(path, accept).orFail();
    }

    private static ListPage read(Answer answer, ServedResource resource, ListPage.Items items)
            throws IOException, InterruptedException {
        try {
            return ListPage.read(answer.body(), resource, items);
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private static byte[] hash(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
