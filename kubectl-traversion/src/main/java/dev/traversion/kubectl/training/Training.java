/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.training;

import dev.traversion.archive.Change;
import dev.traversion.archive.CoverageMark;
import dev.traversion.archive.ObjectKey;
import dev.traversion.archive.Operation;
import dev.traversion.archive.RecordingWriter;
import dev.traversion.archive.ResourceType;
import dev.traversion.archive.Times;
import dev.traversion.archive.WriterOptions;
import dev.traversion.archive.store.Store;
import dev.traversion.archive.store.Stores;
import dev.traversion.kubectl.command.Plugin;
import dev.traversion.kubectl.server.MomentAnswer;
import dev.traversion.kubectl.server.MomentRequest;
import dev.traversion.kubectl.server.MomentServer;
import dev.traversion.kubectl.state.StateDirectory;
import dev.traversion.kubectl.terminal.Program;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Goes through what commands do, on a recording of a few objects made for that. */
public final class Training {

    private static final String CLUSTER = "00000000-0000-4000-8000-000000000000";
    private static final int OBJECTS = 20;

    private Training() {}

    /** @param arguments what for: the recording for the others, or the cache of command, serve or record */
    public static void main(String[] arguments) throws Exception {
        StateDirectory state = StateDirectory.of(System.getenv());
        Path recording = state.directory("recording");
        switch (arguments[0]) {
            case "recording" -> record(recording, state);
            case "command" -> commands(recording, state);
            case "serve" -> serve(recording, state);
            case "record" -> recordNowhere(state);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.exit(0);
    }

    private static void record(Path recording, StateDirectory state) throws IOException, InterruptedException {
        ResourceType pods = new ResourceType("", "pods");
        WriterOptions options = WriterOptions.of("training", state.directory("writers"));
        try (Store store = Stores.open(recording.toString());
                RecordingWriter writer = RecordingWriter.open(store, CLUSTER, options)) {
            long time = Times.nanos(Instant.now()) - 60_000_000_000L;
            writer.append(document(time, "api;as=APIGroupDiscoveryList", """
                    {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[{"metadata":{},\
                    "versions":[{"version":"v1","freshness":"Current","resources":[{"resource":"pods","scope":"Namespaced",\
                    "responseKind":{"group":"","version":"","kind":"Pod"},"singularResource":"pod","shortNames":["po"],\
                    "verbs":["get","list","watch"]}]}]}]}"""));
            writer.append(document(time, "apis;as=APIGroupDiscoveryList", """
                    {"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io/v2","metadata":{},"items":[]}"""));
            writer.append(document(time, "version", "{\"major\":\"1\",\"minor\":\"36\",\"gitVersion\":\"v1.36.0\"}"));
            writer.append(document(time, "openapi/v3", "{\"paths\":{}}"));
            writer.mark(new CoverageMark(pods, CoverageMark.Kind.OPENED, time, "1", ""));
            for (int i = 1; i <= OBJECTS; i++) {
                String body = """
                        {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p%1$d","namespace":"default","uid":"u%1$d",\
                        "resourceVersion":"%1$d","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"containers":[{"name":"c"}]},\
                        "status":{"phase":"Running"}}""".formatted(i);
                writer.append(new Change(
                        new ObjectKey(pods, "default", "p" + i),
                        "Pod",
                        "u" + i,
                        Integer.toString(i),
                        time + i,
                        Operation.ADDED,
                        body.getBytes(StandardCharsets.UTF_8)));
            }
            writer.mark(new CoverageMark(pods, CoverageMark.Kind.CONFIRMED, time + 30_000_000_000L, "20", ""));
        }
    }

    private static Change document(long time, String path, String body) {
        ObjectKey key = new ObjectKey(new ResourceType("traversion.dev", "documents"), "", path);
        return new Change(key, "Document", path, "1", time, Operation.ADDED, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The server they ask is another process, lest its classes are loaded for every command. */
    private static void commands(Path recording, StateDirectory state) {
        String kubeconfig = state.resolve("config").toString();
        Plugin.run("version");
        Plugin.run("at", "--help");
        for (int i = 0; i < 3; i++) {
            Plugin.run("at", "--from", recording.toString(), "now", "get", "pods", "-A");
        }
        Plugin.run("at", "--from", recording.toString(), "10x", "get", "pods");
        Plugin.run("rewind", "--from", recording.toString(), "--kubeconfig", kubeconfig, "now");
        Plugin.run("rewind", "--live", "--kubeconfig", kubeconfig);
        Plugin.run("__complete", "at", "");
        Plugin.run("rewind", "--stop", "--kubeconfig", kubeconfig);
    }

    private static MomentServer server(Path recording, StateDirectory state) throws IOException {
        return new MomentServer(recording.toString(), "", 0, true, Program.build(), state, Clock.systemUTC());
    }

    private static void serve(Path recording, StateDirectory state)
            throws IOException, InterruptedException, GeneralSecurityException {
        try (MomentServer server = server(recording, state)) {
            MomentAnswer moment = server.moment(
                    new MomentRequest("now", "UTC", "", "", "", List.of(), List.of("get", "pods", "-o", "wide")));
            try (HttpClient client = HttpClient.newBuilder()
                    .sslContext(trusting(moment.certificate()))
                    .build()) {
                for (String path : List.of(
                        "/api",
                        "/apis",
                        "/version",
                        "/openapi/v3",
                        "/api/v1/pods",
                        "/api/v1/namespaces/default/pods/p1")) {
                    for (String accept : List.of(
                            "application/json",
                            "application/json;as=Table;v=v1;g=meta.k8s.io,application/json",
                            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json")) {
                        HttpRequest get = HttpRequest.newBuilder(URI.create(moment.url() + path))
                                .header("Authorization", "Bearer " + moment.token())
                                .header("Accept", accept)
                                .build();
                        client.send(get, HttpResponse.BodyHandlers.discarding());
                    }
                }
            }
        }
    }

    private static SSLContext trusting(String certificate) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "rewind",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** As far as it goes without a cluster: to the connection that is refused. */
    private static void recordNowhere(StateDirectory state) throws IOException {
        Path kubeconfig = state.resolve("nowhere.yaml");
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                clusters:
                - {name: nowhere, cluster: {server: "https://127.0.0.1:1"}}
                users:
                - {name: nobody, user: {token: none}}
                contexts:
                - {name: nowhere, context: {cluster: nowhere, user: nobody}}
                current-context: nowhere
                """);
        Plugin.run(
                "record",
                "--to",
                state.directory("recordings", "nowhere").toString(),
                "--kubeconfig",
                kubeconfig.toString());
    }
}
