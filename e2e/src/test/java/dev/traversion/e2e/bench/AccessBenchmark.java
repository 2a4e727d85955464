/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.e2e.bench;

import dev.traversion.e2e.access.GuardedPast;
import dev.traversion.e2e.cluster.ControlPlane;
import io.fabric8.kubernetes.client.Config;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What it costs that the past is protected: a get and a list with TokenReview, SubjectAccessReview and a record on disk before the
 * answer, against the same from a server on loopback that asks nobody; with what the API server said remembered, and for somebody
 * who was not there before. One client, one connection for each, in turns.
 */
public final class AccessBenchmark {

    private static final int ROUNDS = 60;
    private static final int WARM_UP = 40;
    private static final int OBJECTS = 100;
    private static final String NAMESPACE = "bench";
    private static final String MAPS = "/api/v1/namespaces/" + NAMESPACE + "/configmaps";

    private static final X509ExtendedTrustManager ANYBODY = new X509ExtendedTrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    };

    private final HttpClient client;

    private AccessBenchmark(HttpClient client) {
        this.client = client;
    }

    /** @param arguments none */
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("traversion-bench");
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {ANYBODY}, null);
        try (HttpClient client = HttpClient.newBuilder()
                        .sslContext(tls)
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ControlPlane plane = ControlPlane.start();
                GuardedPast past = new GuardedPast(plane, directory)) {
            new AccessBenchmark(client).run(plane, past);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private void run(ControlPlane plane, GuardedPast past) throws Exception {
        plane.kubectl().apply(objects());
        String guarded = past.root(past.moment());
        Config open = Config.fromKubeconfig(past.openKubeconfig().toFile());
        String unguarded = open.getMasterUrl()
                .replaceFirst("/+$", "")
                .replaceFirst("/at/[^/]+$", "/at/" + guarded.substring(guarded.lastIndexOf('/') + 1));
        List<String> strangers = new ArrayList<>();
        for (int i = 0; i < 2 * ROUNDS; i++) {
            strangers.add(token(plane, "stranger-" + i));
        }
        String known = token(plane, "known");
        String[] names = {"get of one object", "list of " + OBJECTS + " objects"};
        String[] paths = {MAPS + "/map-7", MAPS};
        for (int what = 0; what < paths.length; what++) {
            double[] without = new double[ROUNDS];
            double[] remembered = new double[ROUNDS];
            double[] asked = new double[ROUNDS];
            for (int i = -WARM_UP; i < ROUNDS; i++) {
                double free = seconds(unguarded + paths[what], open.getAutoOAuthToken());
                double guardedAgain = seconds(guarded + paths[what], known);
                if (i >= 0) {
                    without[i] = free;
                    remembered[i] = guardedAgain;
                    asked[i] = seconds(guarded + paths[what], strangers.get(what * ROUNDS + i));
                }
            }
            print(names[what] + ", what the API server said is remembered", remembered, without);
            print(names[what] + ", the API server is asked", asked, without);
        }
    }

    private static String objects() {
        StringBuilder all = new StringBuilder("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s}
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: reader, namespace: %1$s}
                rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: reader, namespace: %1$s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:serviceaccounts:%1$s"}]
                """.formatted(NAMESPACE));
        for (int i = 0; i < OBJECTS; i++) {
            all.append(
                    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: map-%d, namespace: %s}\ndata: {a: \"%d\"}\n"
                            .formatted(i, NAMESPACE, i));
        }
        for (int i = 0; i <= 2 * ROUNDS; i++) {
            all.append("---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: %s, namespace: %s}\n"
                    .formatted(i == 2 * ROUNDS ? "known" : "stranger-" + i, NAMESPACE));
        }
        return all.toString();
    }

    private static String token(ControlPlane plane, String account) {
        return plane.kubectl()
                .output("create", "token", account, "-n", NAMESPACE, "--audience", "traversion")
                .strip();
    }

    private double seconds(String url, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .build();
        long start = System.nanoTime();
        HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        double seconds = (System.nanoTime() - start) / 1e9;
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(url + " is answered with " + answer.statusCode());
        }
        return seconds;
    }

    private static void print(String name, double[] with, double[] without) {
        System.out.printf(
                Locale.ROOT,
                "%-64s p50 %6.2f ms  p95 %6.2f ms   nobody asked: p50 %6.2f ms  p95 %6.2f ms   ratio %.1f %.1f%n",
                name,
                at(with, 0.5) * 1000,
                at(with, 0.95) * 1000,
                at(without, 0.5) * 1000,
                at(without, 0.95) * 1000,
                at(with, 0.5) / at(without, 0.5),
                at(with, 0.95) / at(without, 0.95));
    }

    private static double at(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    }
}
