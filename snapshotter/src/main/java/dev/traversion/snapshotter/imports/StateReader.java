/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.Change;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.masking.Masking;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects the objects of a must-gather or a dump: what they are, where in the spool they lie, and what else tells of the cluster. */
final class StateReader implements EntryVisitor, ObjectSink {

    private static final int MOST_TIMESTAMP_BYTES = 1 << 16;

    private final Masking masking;
    private final Spool spool;
    private final ImportReport report;
    private final ImportProgress progress;
    private final KindCatalog catalog = new KindCatalog();
    private final Map<Found.Id, Found> found = new LinkedHashMap<>();
    /** The version of lists, by kind: of kinds without objects, too. */
    private final Map<KindName, String> listed = new TreeMap<>();

    private final List<String> nodeUids = new ArrayList<>();
    private final List<String> kubeletVersions = new ArrayList<>();
    private String systemUid = "";
    private long timestamp = Found.UNKNOWN;
    private long newest = Found.UNKNOWN;
    private boolean isMustGather;
    private boolean isDump;
    private String path = "";

    StateReader(Masking masking, Spool spool, ImportReport report, ImportProgress progress) {
        this.masking = masking;
        this.spool = spool;
        this.report = report;
        this.progress = progress;
    }

    @Override
    public void refused(String name, String reason) {
        report.damaged(name + ": " + reason);
    }

    @Override
    public void file(String name, InputStream in) throws IOException {
        path = name;
        String[] parts = name.split("/");
        String last = parts[parts.length - 1];
        List<String> folders = List.of(parts).subList(0, parts.length - 1);
        isMustGather |= folders.contains("cluster-scoped-resources") || folders.contains("namespaces");
        isDump |= parts.length <= 2 && last.matches("nodes\\.(json|ya?ml)");
        boolean isJson = last.endsWith(".json");
        Content content = new Content(in);
        if (last.equals("timestamp")) {
            String text = new String(content.readNBytes(MOST_TIMESTAMP_BYTES), StandardCharsets.UTF_8);
            timestamp = Math.max(timestamp, ObjectTimes.newestLine(text));
        }
        if (isJson || last.endsWith(".yaml") || last.endsWith(".yml")) {
            objects(content, isJson);
        } else {
            report.filePassedOver();
        }
        progress.read(name, found.size());
    }

    private void objects(Content content, boolean isJson) throws IOException {
        try {
            if (new ObjectReader(this).read(content, isJson)) {
                report.fileRead();
            } else {
                report.filePassedOver();
            }
        } catch (JacksonException | CharConversionException e) {
            content.check();
            report.damaged(path + ": " + Failures.describe(e));
        }
    }

    @Override
    public void list(String apiVersion, String itemKind) {
        if (!itemKind.isEmpty()) {
            KindName kind = KindName.of(apiVersion, itemKind);
            listed.putIfAbsent(kind, apiVersion);
            catalog.path(kind, path);
            if (path.contains("namespaces/")) {
                catalog.namespaced(kind);
            }
        }
    }

    @Override
    public void object(String apiVersion, String kind, ObjectNode object) throws IOException {
        JsonNode metadata = object.path("metadata");
        Found.Id id = Found.Id.of(apiVersion, kind, metadata);
        learn(id, object);
        byte[] body = masking.apply(KindCatalog.typeForMasking(id.kind()), Bodies.of(apiVersion, kind, object));
        if (body.length > Change.LARGEST_BODY) {
            report.damaged(
                    id.kind() + " " + id.name() + ": it has " + body.length + " bytes, more than can be recorded");
            return;
        }
        String version = metadata.path("resourceVersion").asText("");
        Found before = found.get(id);
        if (before != null) {
            report.foundAgain();
            if (ResourceVersions.compare(version, before.resourceVersion()) < 0) {
                return;
            }
        }
        long lastSeen = id.kind().kind().equals("Event") ? ObjectTimes.lastSeen(object) : Found.UNKNOWN;
        found.put(
                id, new Found(id, metadata.path("uid").asText(""), version, lastSeen, spool.append(body), body.length));
    }

    private void learn(Found.Id id, ObjectNode object) {
        KindName kind = id.kind();
        catalog.path(kind, path);
        if (!id.namespace().isEmpty()) {
            catalog.namespaced(kind);
        }
        newest = Math.max(newest, ObjectTimes.newest(object));
        String uid = object.path("metadata").path("uid").asText("");
        if (kind.kind().equals("CustomResourceDefinition")) {
            catalog.define(object);
        } else if (kind.equals(new KindName("", "Namespace")) && id.name().equals("kube-system")) {
            systemUid = uid;
        } else if (kind.equals(new KindName("", "Node"))) {
            nodeUids.add(uid);
            String kubelet = object.path("status")
                    .path("nodeInfo")
                    .path("kubeletVersion")
                    .asText("");
            if (!kubelet.isEmpty()) {
                kubeletVersions.add(kubelet);
            }
        }
    }

    /** The file that was begun last; {@code ""} before the first. */
    String path() {
        return path;
    }

    KindCatalog catalog() {
        return catalog;
    }

    /** Each object once. */
    Map<Found.Id, Found> found() {
        return found;
    }

    /** The kinds of lists, with or without objects, and the version each came in. */
    Map<KindName, String> listed() {
        return listed;
    }

    List<String> nodeUids() {
        return nodeUids;
    }

    List<String> kubeletVersions() {
        return kubeletVersions;
    }

    /** The UID of the namespace kube-system; {@code ""} if it was not there. */
    String systemUid() {
        return systemUid;
    }

    /** What the archive says of its own time, ns; {@link Found#UNKNOWN} if nothing. */
    long timestamp() {
        return timestamp;
    }

    /** The newest time of any object, ns; {@link Found#UNKNOWN} if there is none. */
    long newest() {
        return newest;
    }

    /** What kind of archive it is; {@code ""} if none that is known. */
    String origin() {
        return isMustGather ? "must-gather" : isDump ? "kubectl cluster-info dump" : "";
    }
}
