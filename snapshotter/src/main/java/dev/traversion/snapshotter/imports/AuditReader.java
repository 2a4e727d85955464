/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.traversion.archive.Change;
import dev.traversion.archive.ResourceVersions;
import dev.traversion.masking.Masking;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects the versions of objects in audit logs: JSON lines, one request each. */
final class AuditReader implements EntryVisitor {

    private static final ObjectMapper JSON = new ObjectMapper(ObjectReader.JSON);
    private static final String AUDIT = "audit.k8s.io/";

    /** Subresources that answer with the whole object. */
    private static final Set<String> WHOLE =
            Set.of("", "status", "finalize", "approval", "ephemeralcontainers", "resize");

    private final Masking masking;
    private final Spool spool;
    private final ImportReport report;
    private final ImportProgress progress;
    private final KindCatalog catalog = new KindCatalog();
    private final List<AuditVersion> versions = new ArrayList<>();
    private final Map<Found.Id, String> newest = new HashMap<>();

    /** What requests call objects, from group to name. */
    private final Map<List<String>, Found.Id> named = new HashMap<>();

    private String newestOfAll = "0";
    private String firstId = "";
    private String systemUid = "";
    private long requests;
    private long withoutBody;

    AuditReader(Masking masking, Spool spool, ImportReport report, ImportProgress progress) {
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
        Content content = new Content(Source.decompressed(in));
        Lines lines = new Lines(content);
        long number = 0;
        boolean isLog = false;
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            number++;
            if (number == 1 && (line.length == 0 || line[0] != '{')) {
                break;
            }
            if (lines.isTooLong()) {
                report.damaged(name + ", line " + number + ": it is longer than " + Lines.LONGEST + " bytes");
                continue;
            }
            try {
                JsonNode event = JSON.readTree(line);
                if (!event.path("apiVersion").asText().startsWith(AUDIT)) {
                    break;
                }
                isLog = true;
                request(event);
            } catch (JacksonException | CharConversionException e) {
                content.check();
                if (!isLog) {
                    break;
                }
                report.damaged(name + ", line " + number + ": " + Failures.describe(e));
            }
        }
        if (isLog) {
            report.fileRead();
        } else {
            report.filePassedOver();
        }
        progress.read(name, versions.size());
    }

    private void request(JsonNode event) throws IOException {
        if (!event.path("stage").asText().equals("ResponseComplete")) {
            return;
        }
        requests++;
        if (firstId.isEmpty()) {
            firstId = event.path("auditID").asText();
        }
        JsonNode reference = event.path("objectRef");
        int code = event.path("responseStatus").path("code").asInt();
        if (code < 200
                || code >= 300
                || !WHOLE.contains(reference.path("subresource").asText(""))) {
            return;
        }
        if (!(event.path("responseObject") instanceof ObjectNode answer)) {
            withoutBody += event.path("verb").asText().equals("watch") ? 0 : 1;
            return;
        }
        long time = ObjectTimes.nanos(event.path("stageTimestamp"));
        if (time == Found.UNKNOWN) {
            report.damaged("request " + event.path("auditID").asText() + ": it has no stageTimestamp");
            return;
        }
        String kind = answer.path("kind").asText();
        switch (event.path("verb").asText()) {
            case "create", "update", "patch" -> object(reference, answer, time, true, isRemoved(answer));
            case "get" -> object(reference, answer, time, false, false);
            case "delete" -> {
                if (kind.equals("Status")) {
                    deletion(reference, time);
                } else {
                    object(reference, answer, time, true, isRemoved(answer) || !isTerminating(answer));
                }
            }
            case "list", "deletecollection" -> {
                boolean deleted = event.path("verb").asText().equals("deletecollection");
                for (JsonNode item : answer.path("items")) {
                    if (item instanceof ObjectNode each && kind.endsWith("List")) {
                        each.put("kind", kind.substring(0, kind.length() - "List".length()));
                        each.put("apiVersion", answer.path("apiVersion").asText());
                        object(reference, each, time, deleted, deleted && !isTerminating(each));
                    }
                }
            }
            default -> {}
        }
    }

    private static boolean isTerminating(JsonNode object) {
        return object.path("metadata").hasNonNull("deletionTimestamp");
    }

    /** Whether an object that is being deleted has nothing left to wait for. */
    private static boolean isRemoved(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return isTerminating(object)
                && metadata.path("deletionGracePeriodSeconds").asInt(0) == 0
                && metadata.path("finalizers").isEmpty();
    }

    /** @param written whether the request made the version, rather than read it */
    private void object(JsonNode reference, ObjectNode object, long time, boolean written, boolean deleted)
            throws IOException {
        String apiVersion = object.path("apiVersion").asText("");
        String kind = object.path("kind").asText("");
        JsonNode metadata = object.path("metadata");
        String version = metadata.path("resourceVersion").asText("");
        boolean isOfRequest = reference
                .path("apiGroup")
                .asText("")
                .equals(KindName.of(apiVersion, kind).group());
        if (!isOfRequest
                || version.isEmpty()
                || metadata.path("name").asText("").isEmpty()) {
            return;
        }
        Found.Id id = Found.Id.of(apiVersion, kind, metadata);
        learn(id, reference, object);
        // Requests that overlap are not logged in the order of their versions; one that reads tells nothing new of an
        // old version.
        int order = newest.containsKey(id) ? ResourceVersions.compare(version, newest.get(id)) : 1;
        if (!deleted && (order == 0 || (order < 0 && !written))) {
            report.foundAgain();
            return;
        }
        byte[] body = masking.apply(KindCatalog.typeForMasking(id.kind()), Bodies.of(apiVersion, kind, object));
        if (body.length > Change.LARGEST_BODY) {
            report.damaged(
                    id.kind() + " " + id.name() + ": it has " + body.length + " bytes, more than can be recorded");
            return;
        }
        add(id, metadata.path("uid").asText(""), deleted ? afterAll(version) : version, time, deleted, body);
    }

    private void learn(Found.Id id, JsonNode reference, JsonNode object) {
        String resource = reference.path("resource").asText();
        catalog.resource(id.kind(), resource);
        named.put(List.of(id.kind().group(), resource, id.namespace(), id.name()), id);
        if (!id.namespace().isEmpty()) {
            catalog.namespaced(id.kind());
        }
        if (id.kind().kind().equals("CustomResourceDefinition")) {
            catalog.define(object);
        } else if (id.kind().equals(new KindName("", "Namespace")) && id.name().equals("kube-system")) {
            systemUid = object.path("metadata").path("uid").asText("");
        }
    }

    /** The answer says that it is gone, not what it was. */
    private void deletion(JsonNode reference, long time) {
        Found.Id id = named.get(path(reference));
        if (id != null) {
            add(id, "", afterAll(newest.get(id)), time, true, new byte[0]);
        }
    }

    private static List<String> path(JsonNode reference) {
        return List.of(
                reference.path("apiGroup").asText(""),
                reference.path("resource").asText(""),
                reference.path("namespace").asText(""),
                reference.path("name").asText(""));
    }

    /** Deletions have a version that the log does not tell: one that comes after all that it told. */
    private String afterAll(String version) {
        String last = ResourceVersions.compare(version, newestOfAll) > 0 ? version : newestOfAll;
        return ResourceVersions.isNumeric(last)
                ? new BigInteger(last).add(BigInteger.ONE).toString()
                : last;
    }

    private void add(Found.Id id, String uid, String version, long time, boolean deleted, byte[] body) {
        newest.merge(id, version, (before, now) -> ResourceVersions.compare(now, before) > 0 ? now : before);
        if (ResourceVersions.compare(version, newestOfAll) > 0) {
            newestOfAll = version;
        }
        versions.add(new AuditVersion(id, uid, version, time, deleted, spool.append(body), body.length));
    }

    KindCatalog catalog() {
        return catalog;
    }

    /** In the order of the log. */
    List<AuditVersion> versions() {
        return versions;
    }

    /** The id of the first request; {@code ""} if there is no log. */
    String firstId() {
        return firstId;
    }

    /** The UID of the namespace kube-system; {@code ""} if the log does not tell it. */
    String systemUid() {
        return systemUid;
    }

    /** Requests that ended. */
    long requests() {
        return requests;
    }

    /** Requests of which the log does not hold the answer. */
    long withoutBody() {
        return withoutBody;
    }
}
