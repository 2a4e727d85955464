/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.why;

import dev.traversion.analysis.why.past.Gate;
import dev.traversion.analysis.why.past.Kernel;
import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.Recording;
import dev.traversion.archive.RecordingOptions;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.FileStore;
import dev.traversion.archive.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A small recording, told second by second in the words of a real cluster. */
final class Story implements AutoCloseable {

    static final long SECOND = 1_000_000_000L;
    static final long START = 1_770_000_000L * SECOND;
    private static final String CLUSTER = "0b5c3f9e-5a0e-4c53-9c0b-0123456789ab";

    private static final Pattern UID = Pattern.compile("^\"uid\":\"([^\"]+)\"");

    private static final Set<String> GLOBAL = Set.of(
            "nodes",
            "namespaces",
            "storageclasses",
            "runtimeclasses",
            "clusterroles",
            "clusterrolebindings",
            "mutatingadmissionpolicies",
            "mutatingwebhookconfigurations",
            "validatingwebhookconfigurations",
            "persistentvolumes",
            "priorityclasses",
            "apiservices",
            "customresourcedefinitions",
            "validatingadmissionpolicybindings",
            "validatingadmissionpolicies");

    private final Store store;
    private final RecordingWriter writer;
    private final Map<ObjectKey, String> uids = new HashMap<>();
    private final Set<ObjectKey> there = new HashSet<>();
    private final Set<ResourceType> types = new HashSet<>();
    private int version = 100;
    private Recording recording;

    Story(Path directory) throws Exception {
        store = new FileStore(directory.resolve("recording"));
        writer = RecordingWriter.open(store, CLUSTER, WriterOptions.of("test", directory.resolve("state")));
    }

    static ObjectKey key(String type, String namespace, String name) {
        int dot = type.indexOf('.');
        return new ObjectKey(
                dot < 0
                        ? new ResourceType("", type)
                        : new ResourceType(type.substring(dot + 1), type.substring(0, dot)),
                namespace,
                name);
    }

    static String time(int second) {
        return Times.instant(START + second * SECOND).toString();
    }

    /**
     * An object is so from a second on.
     *
     * @param created the second it was created at
     * @param metadata members, each with a comma behind it
     * @param rest members beside metadata
     */
    void is(int second, int created, String type, String kind, String name, String metadata, String rest)
            throws Exception {
        is(second, created, key(type, isGlobal(type) ? "" : "shop", name), kind, metadata, rest);
    }

    void is(int second, int created, ObjectKey key, String kind, String metadata, String rest) throws Exception {
        version++;
        String body = "{\"metadata\":{" + metadata + "\"name\":\"" + key.name() + "\",\"namespace\":\""
                + key.namespace() + "\",\"uid\":\"" + uid(key, metadata) + "\",\"resourceVersion\":\"" + version
                + "\",\"creationTimestamp\":\""
                + time(created) + "\"" + (metadata.contains("\"managedFields\"") ? "" : managed("jane", second)) + "},"
                + rest + "}";
        write(key, kind, second, there.add(key) ? Operation.ADDED : Operation.MODIFIED, body);
    }

    /** Who says that it set all of an object. */
    static String managed(String manager, int second) {
        return ",\"managedFields\":[{\"manager\":\"" + manager + "\",\"operation\":\"Update\",\"time\":\""
                + time(second) + "\",\"fieldsV1\":{\"f:spec\":{},\"f:data\":{}}}]";
    }

    /** The one that an object had, or says it has from now on. */
    private String uid(ObjectKey key, String metadata) {
        Matcher told = UID.matcher(metadata);
        if (told.find()) {
            uids.put(key, told.group(1));
        }
        return uids.getOrDefault(key, "u-" + key.name());
    }

    static boolean isGlobal(String type) {
        return GLOBAL.contains(type.replaceFirst("\\..*", ""));
    }

    void deleted(int second, String type, String kind, String name) throws Exception {
        deleted(second, key(type, "shop", name), kind);
    }

    void deleted(int second, ObjectKey key, String kind) throws Exception {
        deleted(second, key, kind, "");
    }

    /**
     * An object is gone.
     *
     * @param metadata members that it had last, each with a comma behind it
     */
    void deleted(int second, ObjectKey key, String kind, String metadata) throws Exception {
        version++;
        there.remove(key);
        write(key, kind, second, Operation.DELETED, "{\"metadata\":{" + metadata + "\"name\":\"" + key.name() + "\"}}");
    }

    void event(int second, String kind, String name, String reason, String message) throws Exception {
        event(second, "Warning", kind, name, reason, message);
    }

    void event(int second, String type, String kind, String name, String reason, String message) throws Exception {
        is(
                second,
                second,
                "events",
                "Event",
                name + "." + second,
                "",
                "\"type\":\"" + type + "\",\"reason\":\"" + reason + "\",\"message\":\"" + message.replace("\"", "\\\"")
                        + "\",\"firstTimestamp\":\"" + time(second) + "\",\"lastTimestamp\":\"" + time(second)
                        + "\",\"involvedObject\":{\"kind\":\"" + kind + "\",\"namespace\":\"shop\",\"name\":\"" + name
                        + "\"}");
    }

    private void write(ObjectKey key, String kind, int second, Operation operation, String body) throws Exception {
        if (types.add(key.type())) {
            writer.mark(new CoverageMark(key.type(), CoverageMark.Kind.OPENED, START, "1", ""));
        }
        writer.append(new Change(
                key,
                kind,
                uids.getOrDefault(key, "u-" + key.name()),
                Integer.toString(version),
                START + second * SECOND,
                operation,
                body.getBytes(StandardCharsets.UTF_8)));
    }

    /** A Deployment with one container "web". */
    void deployment(int second, String name, String container) throws Exception {
        is(
                second,
                -600,
                "deployments.apps",
                "Deployment",
                name,
                "",
                "\"spec\":{\"replicas\":1,\"template\":{\"metadata\":{\"labels\":{\"app\":\"" + name
                        + "\"}},\"spec\":{\"containers\":[{\"name\":\"web\"," + container + "}]}}}");
    }

    void replicaSet(int second, String deployment, String hash, String status) throws Exception {
        is(
                second,
                second,
                "replicasets.apps",
                "ReplicaSet",
                deployment + "-" + hash,
                "\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"controller\":true,\"name\":\""
                        + deployment + "\",\"uid\":\"u-" + deployment + "\"}],",
                "\"spec\":{\"replicas\":1},\"status\":" + status);
    }

    /** A pod of a ReplicaSet with one container "web". */
    void pod(int second, int created, String deployment, String hash, String container, String status)
            throws Exception {
        is(
                second,
                created,
                "pods",
                "Pod",
                deployment + "-" + hash + "-x",
                "\"labels\":{\"app\":\"" + deployment + "\",\"pod-template-hash\":\"" + hash
                        + "\"},\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"ReplicaSet\",\"controller\":true,"
                        + "\"name\":\"" + deployment + "-" + hash + "\",\"uid\":\"u-" + deployment + "-" + hash
                        + "\"}],",
                "\"spec\":{\"containers\":[{\"name\":\"web\"," + container + "}]},\"status\":" + status);
    }

    static String ready() {
        return "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],\"containerStatuses\":[{"
                + "\"name\":\"web\",\"ready\":true,\"state\":{\"running\":{\"startedAt\":\"" + time(1) + "\"}}}]}";
    }

    static String waiting(String reason, String message) {
        return "{\"phase\":\"Pending\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}],\"containerStatuses\":[{"
                + "\"name\":\"web\",\"ready\":false,\"state\":{\"waiting\":{\"reason\":\"" + reason
                + "\",\"message\":\"" + message + "\"}}}]}";
    }

    static String crashed(int second, String reason, String message) {
        return "{\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\"}],\"containerStatuses\":[{"
                + "\"name\":\"web\",\"ready\":false,\"restartCount\":2,\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}},"
                + "\"lastState\":{\"terminated\":{\"exitCode\":1,\"reason\":\"" + reason + "\",\"message\":\"" + message
                + "\",\"finishedAt\":\"" + time(second) + "\"}}}]}";
    }

    /** Nothing of a type is seen between two seconds, for a reason. */
    void gap(int from, int to, String type, String reason) throws Exception {
        ResourceType of = key(type, "", "").type();
        types.add(of);
        writer.mark(new CoverageMark(of, CoverageMark.Kind.OPENED, START, "1", ""));
        writer.mark(new CoverageMark(of, CoverageMark.Kind.GAP, START + from * SECOND, "", reason));
        writer.mark(new CoverageMark(of, CoverageMark.Kind.OPENED, START + to * SECOND, Integer.toString(version), ""));
    }

    /** The recording, up to a second. */
    Recording end(int second) throws Exception {
        if (recording == null) {
            for (ResourceType type : types) {
                writer.mark(new CoverageMark(
                        type, CoverageMark.Kind.CONFIRMED, START + second * SECOND, Integer.toString(version), ""));
            }
            writer.close();
            recording = Recording.open(store, CLUSTER, RecordingOptions.defaults());
        }
        return recording;
    }

    Verdict ask(ObjectKey target, int second) throws Exception {
        Recording history = end(second);
        return ask((_, _) -> Optional.of(history), target, second);
    }

    Verdict ask(Gate gate, ObjectKey target, int second) throws Exception {
        return Why.ask(end(second), gate, target, START, START + second * SECOND);
    }

    Verdict ask(Kernel kernel, ObjectKey target, int second) throws Exception {
        Recording history = end(second);
        return Why.ask(history, (_, _) -> Optional.of(history), kernel, target, START, START + second * SECOND);
    }

    @Override
    public void close() throws IOException {
        if (recording == null) {
            writer.close();
        } else {
            recording.close();
        }
        store.close();
    }
}
